python run_distill.py --train_batch_size=64 --learning_rate=1e-3 --dropout_prob=0.2 \
  --teacher_cache=output/teacher_cache --num_threads=1 --inter_op_threads=1 \
  --task_name=imdb --data_dir=imdb_subset --max_seq_length=128 \
  --init_checkpoint_teacher=output/imdb_teacher --model_type=bilstm \
  --student_preset=paddle --num_train_epochs=6 --method=similarity \
  --output_dir=output/imdb_bilstm_similarity
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/imdb_bilstm_similarity
