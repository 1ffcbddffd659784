python run_distill.py --flagfile=flags/rte/oneflow_tinybert.flags --num_threads=1 \
  --inter_op_threads=1 --teacher_cache=output/teacher_cache  \
  --init_checkpoint_student=output/general_tinybert/student --data_dir=glue/RTE \
  --init_checkpoint_teacher=output/rte_oneflow_teacher --output_dir=output/rte_oneflow_tinybert
