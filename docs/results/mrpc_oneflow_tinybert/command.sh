python run_distill.py --flagfile=flags/mrpc/oneflow_tinybert.flags --num_threads=1 \
  --inter_op_threads=1 --teacher_cache=output/teacher_cache --early_stopping_patience=10 \
  --init_checkpoint_student=output/general_tinybert/student --data_dir=glue/MRPC \
  --init_checkpoint_teacher=output/mrpc_oneflow_teacher --output_dir=output/mrpc_oneflow_tinybert
