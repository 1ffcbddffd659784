python -m distill_tf.evaluation.flops --hidden_size=384 --num_hidden_layers=6 --intermediate_size=1536 \
  --output=docs/results/two_towers/costs.json
python -m distill_tf.evaluation.flops --hidden_size=384 --num_hidden_layers=6 --intermediate_size=1536 \
  --max_seq_length_query=64 --max_seq_length_doc=328 \
  --output=docs/results/two_towers/costs_64_328.json
