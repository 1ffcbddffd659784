python run_distill.py --flagfile=flags/rte/oneflow_theseus.flags --num_threads=1 \
  --inter_op_threads=1 --compress_ratio=2 --data_dir=glue/RTE \
  --init_checkpoint_teacher=output/rte_oneflow_teacher --output_dir=output/rte_oneflow_theseus
