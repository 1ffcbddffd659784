python run_classifier.py --flagfile=flags/sst-2/teacher.flags --num_threads=1 --inter_op_threads=1 \
  --data_dir=glue/SST-2 --init_checkpoint=checkpoints/bert_6x384 --output_dir=output/sst-2_teacher
