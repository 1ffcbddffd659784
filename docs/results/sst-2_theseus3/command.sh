python run_distill.py --model_type=theseus --task_name=sst-2 --compress_ratio=2 --replace_prob=0.3 \
  --scheduler_linear_k=0.0002 --train_head --intermediate_epochs=2 \
  --intermediate_learning_rate=5e-5 --num_train_epochs=2 --learning_rate=5e-5 --num_threads=1 \
  --inter_op_threads=1 --data_dir=glue/SST-2 --init_checkpoint_teacher=output/sst-2_teacher \
  --output_dir=output/sst-2_theseus3
