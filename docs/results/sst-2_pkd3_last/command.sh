python run_distill.py --flagfile=flags/sst-2/pkd.flags --num_threads=1 --inter_op_threads=1 \
  --teacher_cache=output/teacher_cache --data_dir=glue/SST-2 \
  --init_checkpoint_teacher=output/sst-2_teacher --init_checkpoint_student=checkpoints/bert_6x384 \
  --layer_list=0,1,2 --pkd_strategy=last --output_dir=output/sst-2_pkd3_last
