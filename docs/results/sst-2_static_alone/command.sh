python run_distill.py --train_batch_size=64 --learning_rate=1e-3 --dropout_prob=0.2 \
  --teacher_cache=output/teacher_cache --num_threads=1 --inter_op_threads=1 \
  --task_name=sst-2 --data_dir=glue/SST-2 \
  --init_checkpoint_teacher=output/sst-2_teacher --model_type=static \
  --num_train_epochs=5 --method=none --output_dir=output/sst-2_static_alone
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/sst-2_static_alone
