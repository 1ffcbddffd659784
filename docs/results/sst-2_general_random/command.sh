python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/SST-2 --init_checkpoint_teacher=output/sst-2_teacher \
  --output_dir=output/sst-2_tinybert_random
