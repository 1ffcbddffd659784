python run_classifier.py --task_name=mrpc --learning_rate=5e-5 --num_train_epochs=5 \
  --num_threads=1 --inter_op_threads=1 --data_dir=glue/MRPC \
  --init_checkpoint=checkpoints/bert_6x384 --output_dir=output/mrpc_teacher
