python run_distill.py --flagfile=flags/cola/oneflow_theseus.flags --num_threads=1 \
  --inter_op_threads=1 --compress_ratio=2 --data_dir=glue/CoLA \
  --init_checkpoint_teacher=output/cola_oneflow_teacher --output_dir=output/cola_oneflow_theseus
