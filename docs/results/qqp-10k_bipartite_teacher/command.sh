python run_classifier.py --num_threads=1 --inter_op_threads=1 --train_batch_size=32 \
  --learning_rate=5e-5 --init_checkpoint=checkpoints/bert_6x384 \
  --input_layout=bipartite --pooling_strategy=mean --task_name=qqp \
  --data_dir=glue_10k/QQP --max_seq_length=259 --num_train_epochs=5 \
  --output_dir=output/qqp-10k_bipartite_teacher
