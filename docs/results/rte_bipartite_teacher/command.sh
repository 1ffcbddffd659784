python run_classifier.py --num_threads=1 --inter_op_threads=1 --train_batch_size=32 \
  --learning_rate=5e-5 --init_checkpoint=checkpoints/bert_6x384 \
  --input_layout=bipartite --pooling_strategy=mean --task_name=rte \
  --data_dir=glue/RTE --max_seq_length_query=328 --max_seq_length_doc=64 \
  --num_train_epochs=8 --output_dir=output/rte_bipartite_teacher
