python run_distill.py --flagfile=flags/mrpc/oneflow_pkd.flags --num_threads=1 --inter_op_threads=1 \
  --teacher_cache=output/teacher_cache --layer_list=0,2,4 --data_dir=glue/MRPC \
  --init_checkpoint_teacher=output/mrpc_oneflow_teacher --output_dir=output/mrpc_oneflow_pkd
