python run_distill.py --flagfile=flags/cola/oneflow_tinybert.flags --num_train_epochs=20 \
  --num_threads=1 --inter_op_threads=1 --teacher_cache=output/teacher_cache \
  --init_checkpoint_student=output/general_tinybert/student --data_dir=glue/CoLA \
  --init_checkpoint_teacher=output/cola_oneflow_teacher --output_dir=output/cola_oneflow_tinybert
