for seed in 1 2 3; do
  python run_distill.py --flagfile=flags/boolq/late_fusion_att700.flags \
    --flagfile=flags/virt/deformer.flags --num_threads=1 --inter_op_threads=1 \
    --teacher_cache=output/teacher_cache \
    --init_checkpoint_student=checkpoints/bert_6x384 --data_dir=boolq \
    --init_checkpoint_teacher=output/boolq_bipartite_teacher --train_batch_size=32 \
    --num_train_epochs=2 --seed=$seed --output_dir=output/boolq_deformer_att400_seed$seed
done
