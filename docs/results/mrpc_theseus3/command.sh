for seed in 1 2 3; do
  python run_distill.py --model_type=theseus --task_name=mrpc --compress_ratio=2 --replace_prob=0.3 \
    --scheduler_linear_k=0.0015 --train_head --intermediate_epochs=4 \
    --intermediate_learning_rate=5e-5 --num_train_epochs=4 --learning_rate=5e-5 --num_threads=1 \
    --inter_op_threads=1 --data_dir=glue/MRPC --init_checkpoint_teacher=output/mrpc_teacher \
    --seed=$seed --output_dir=output/mrpc_theseus3_seed$seed
done
