python run_distill.py --task_name=sst-2 --data_dir=glue/SST-2 --max_seq_length=128 \
  --init_checkpoint_teacher=output/sst-2_teacher \
  --output_dir=output/sst-2_bilstm_alone --train_batch_size=64 --learning_rate=1e-3 \
  --dropout_prob=0.2 --teacher_cache=output/teacher_cache --num_train_epochs=5 \
  --model_type=bilstm --student_preset=paddle --method=none
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/sst-2_bilstm_alone
