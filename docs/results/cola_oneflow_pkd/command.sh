python run_distill.py --flagfile=flags/cola/oneflow_pkd.flags --num_threads=1 --inter_op_threads=1 \
  --teacher_cache=output/teacher_cache --layer_list=0,2,4 --early_stopping_patience=10 \
  --data_dir=glue/CoLA --init_checkpoint_teacher=output/cola_oneflow_teacher \
  --output_dir=output/cola_oneflow_pkd
