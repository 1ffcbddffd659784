python -m distill_tf.augmentation --task_name=sst-2 --data_dir=glue/SST-2 --n_iter=1 --output=aug1/SST-2
python run_distill.py --train_batch_size=64 --learning_rate=1e-3 --dropout_prob=0.2 \
  --teacher_cache=output/teacher_cache --task_name=sst-2 --data_dir=glue/SST-2 \
  --init_checkpoint_teacher=output/sst-2_teacher --model_type=bilstm \
  --student_preset=paddle --aug_train --aug_dir=aug1/SST-2 --paraphraser_epochs=1 \
  --num_train_epochs=3 --method=factor_transfer \
  --output_dir=output/sst-2_bilstm_factor_transfer_aug
# The costs, measured again with nothing else running:
python run_distill.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/sst-2_bilstm_factor_transfer_aug
