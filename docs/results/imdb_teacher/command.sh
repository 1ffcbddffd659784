# Every fourth review of the training set, every tenth of the test set, by name.
for label in pos neg; do
  mkdir -p imdb_subset/train/$label imdb_subset/test/$label
  ls aclImdb/train/$label | LC_ALL=C sort | awk 'NR % 4 == 1' |
    sed "s#^#aclImdb/train/$label/#" | xargs cp -t imdb_subset/train/$label
  ls aclImdb/test/$label | LC_ALL=C sort | awk 'NR % 10 == 1' |
    sed "s#^#aclImdb/test/$label/#" | xargs cp -t imdb_subset/test/$label
done
python run_classifier.py --task_name=imdb --data_dir=imdb_subset \
  --init_checkpoint=checkpoints/bert_6x384 --max_seq_length=128 --learning_rate=5e-5 \
  --num_train_epochs=2 --num_threads=1 --inter_op_threads=1 \
  --output_dir=output/imdb_teacher
# The costs, measured again with nothing else running:
python run_classifier.py --do_train=false --num_threads=0 --inter_op_threads=0 --output_dir=output/imdb_teacher
