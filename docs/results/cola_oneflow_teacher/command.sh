python run_classifier.py --flagfile=flags/cola/oneflow_teacher.flags --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/CoLA --init_checkpoint=checkpoints/bert_6x384 \
  --output_dir=output/cola_oneflow_teacher
