python run_classifier.py --flagfile=flags/boolq/bipartite_teacher.flags \
  --num_threads=1 --inter_op_threads=1 --train_batch_size=32 \
  --init_checkpoint=checkpoints/bert_6x384 --data_dir=boolq --num_train_epochs=6 \
  --output_dir=output/boolq_bipartite_teacher
