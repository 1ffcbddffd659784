for seed in 1 2 3; do
  python run_distill.py --model_type=bert_pkd --task_name=mrpc --temperature=10 --num_train_epochs=8 \
    --learning_rate=5e-5 --num_threads=1 --inter_op_threads=1 --teacher_cache=output/teacher_cache \
    --data_dir=glue/MRPC --init_checkpoint_teacher=output/mrpc_teacher \
    --init_checkpoint_student=checkpoints/bert_6x384 --layer_list=0,1,2 --seed=$seed \
    --pkd_strategy=last --output_dir=output/mrpc_pkd3_last_seed$seed
done
