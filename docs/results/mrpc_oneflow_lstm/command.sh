python run_distill.py --flagfile=flags/mrpc/oneflow_lstm.flags --num_threads=1 \
  --inter_op_threads=1 --teacher_cache=output/teacher_cache --data_dir=glue/MRPC \
  --init_checkpoint_teacher=output/mrpc_oneflow_teacher --output_dir=output/mrpc_oneflow_lstm
