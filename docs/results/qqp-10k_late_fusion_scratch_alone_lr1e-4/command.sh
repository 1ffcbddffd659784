python run_distill.py --flagfile=flags/qqp/late_fusion_att700.flags --method=none \
  --num_threads=1 --inter_op_threads=1 --teacher_cache=output/teacher_cache \
  --init_checkpoint_student=checkpoints/bert_6x384 --from_scratch \
  --learning_rate=1e-4 --data_dir=glue_10k/QQP \
  --init_checkpoint_teacher=output/qqp-10k_bipartite_teacher --train_batch_size=32 \
  --num_train_epochs=4 --output_dir=output/qqp-10k_late_fusion_scratch_alone_lr1e-4
