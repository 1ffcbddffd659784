python run_classifier.py --flagfile=flags/sst-2/teacher.flags \
  --data_dir=glue/SST-2 --init_checkpoint=checkpoints/bert_6x384 \
  --output_dir=output/sst-2_teacher
# The costs, measured again with nothing else running:
python run_classifier.py --do_train=false --output_dir=output/sst-2_teacher
