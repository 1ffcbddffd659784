python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags --student_alone \
  --data_dir=glue/SST-2 --init_checkpoint_teacher=output/sst-2_teacher \
  --output_dir=output/sst-2_tinybert_random
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --output_dir=output/sst-2_tinybert_random
