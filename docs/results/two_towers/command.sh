python -m distill_tf.evaluation.flops --hidden_size=384 --num_hidden_layers=6 --intermediate_size=1536 \
  --output=docs/results/two_towers/costs.json
