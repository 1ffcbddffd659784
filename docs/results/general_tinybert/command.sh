python -m distill_tf.general_distillation --corpus=aclImdb --max_seq_length=64 --max_steps=2200 \
  --init_checkpoint_teacher=checkpoints/bert_6x384 --corpus_dir=output/imdb_corpus64 \
  --num_threads=1 --inter_op_threads=1 --save_checkpoints_steps=200 \
  --output_dir=output/general_tinybert
