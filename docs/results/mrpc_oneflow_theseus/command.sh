python run_distill.py --flagfile=flags/mrpc/oneflow_theseus.flags --num_threads=1 \
  --inter_op_threads=1 --compress_ratio=2 --data_dir=glue/MRPC \
  --init_checkpoint_teacher=output/mrpc_oneflow_teacher --output_dir=output/mrpc_oneflow_theseus
