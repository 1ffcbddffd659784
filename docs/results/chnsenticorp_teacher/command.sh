python run_classifier.py --task_name=chnsenticorp --data_dir=chnsenticorp \
  --from_scratch --bert_config_file=chinese_4x256/bert_config.json \
  --vocab_file=chinese_4x256/vocab.txt --max_seq_length=128 --learning_rate=2e-4 \
  --num_train_epochs=5 --num_threads=1 --inter_op_threads=1 \
  --output_dir=output/chnsenticorp_teacher
# The costs, measured again with nothing else running:
python run_classifier.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/chnsenticorp_teacher
