python run_distill.py --train_batch_size=64 --learning_rate=1e-3 --dropout_prob=0.2 \
  --teacher_cache=output/teacher_cache --num_threads=1 --inter_op_threads=1 \
  --task_name=qqp --data_dir=glue_10k/QQP \
  --init_checkpoint_teacher=output/qqp-10k_teacher --model_type=bilstm \
  --student_preset=paddle --num_train_epochs=10 --method=tang \
  --output_dir=output/qqp-10k_bilstm_tang
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/qqp-10k_bilstm_tang
