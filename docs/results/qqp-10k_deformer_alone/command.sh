python run_distill.py --flagfile=flags/qqp/late_fusion_att700.flags \
  --flagfile=flags/virt/deformer.flags --method=none --num_threads=1 \
  --inter_op_threads=1 --teacher_cache=output/teacher_cache \
  --init_checkpoint_student=checkpoints/bert_6x384 --data_dir=glue_10k/QQP \
  --init_checkpoint_teacher=output/qqp-10k_bipartite_teacher --train_batch_size=32 \
  --num_train_epochs=4 --output_dir=output/qqp-10k_deformer_alone
