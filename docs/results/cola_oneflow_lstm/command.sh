python run_distill.py --flagfile=flags/cola/oneflow_lstm.flags --num_threads=1 \
  --inter_op_threads=1 --teacher_cache=output/teacher_cache --data_dir=glue/CoLA \
  --init_checkpoint_teacher=output/cola_oneflow_teacher --output_dir=output/cola_oneflow_lstm
