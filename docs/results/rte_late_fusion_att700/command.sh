for seed in 1 2 3; do
  python run_distill.py --flagfile=flags/rte/late_fusion_att700.flags --num_threads=1 \
    --inter_op_threads=1 --teacher_cache=output/teacher_cache \
    --init_checkpoint_student=checkpoints/bert_6x384 --max_seq_length_query=328 \
    --max_seq_length_doc=64 --data_dir=glue/RTE \
    --init_checkpoint_teacher=output/rte_bipartite_teacher --train_batch_size=32 \
    --num_train_epochs=4 --seed=$seed --output_dir=output/rte_late_fusion_att700_seed$seed
done
