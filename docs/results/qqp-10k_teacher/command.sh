python run_classifier.py --task_name=qqp --data_dir=glue_10k/QQP \
  --init_checkpoint=checkpoints/bert_6x384 --learning_rate=5e-5 --num_train_epochs=3 \
  --output_dir=output/qqp-10k_teacher
# The costs, measured again with nothing else running:
python run_classifier.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/qqp-10k_teacher
