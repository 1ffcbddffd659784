python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/SST-2 --init_checkpoint_teacher=output/sst-2_teacher \
  --init_checkpoint_student=output/general_tinybert/student \
  --output_dir=output/sst-2_tinybert_general
