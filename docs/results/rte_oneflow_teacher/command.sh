python run_classifier.py --flagfile=flags/rte/oneflow_teacher.flags --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/RTE --init_checkpoint=checkpoints/bert_6x384 \
  --output_dir=output/rte_oneflow_teacher
