python run_distill.py --flagfile=flags/chnsenticorp/bilstm_alone.flags \
  --num_train_epochs=10 --data_dir=chnsenticorp \
  --init_checkpoint_teacher=output/chnsenticorp_teacher \
  --teacher_cache=output/teacher_cache --num_threads=1 --inter_op_threads=1 \
  --output_dir=output/chnsenticorp_bilstm_alone
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/chnsenticorp_bilstm_alone
