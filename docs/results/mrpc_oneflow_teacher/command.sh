python run_classifier.py --flagfile=flags/mrpc/oneflow_teacher.flags --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/MRPC --init_checkpoint=checkpoints/bert_6x384 \
  --output_dir=output/mrpc_oneflow_teacher
