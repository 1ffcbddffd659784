#!/usr/bin/env bash
# A BiLSTM alone, and distilled on augmented text, by PaddleNLP's recipes:
#   scripts/bilstm.sh TASK DATA_DIR TEACHER [OUTPUT_DIR]
# TASK is sst-2, qqp or chnsenticorp; TEACHER is what run_classifier.py left, say by
# flags/TASK/bilstm_teacher.flags.
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
task=${1:?sst-2, qqp or chnsenticorp}
data_dir=${2:?the folder with its files}
teacher=${3:?a fine-tuned BERT}
output_dir=${4:-output}
longest=6
[ "$task" = chnsenticorp ] && longest=10

python run_distill.py --flagfile="flags/$task/bilstm_alone.flags" \
  --data_dir="$data_dir" --init_checkpoint_teacher="$teacher" \
  --output_dir="$output_dir/${task}_bilstm_alone"
python -m distill_tf.augmentation --task_name="$task" --data_dir="$data_dir" \
  --ngram_min=2 --ngram_max="$longest" --output="$output_dir/${task}_aug"
python run_distill.py --flagfile="flags/$task/bilstm_tang.flags" \
  --data_dir="$data_dir" --aug_dir="$output_dir/${task}_aug" \
  --init_checkpoint_teacher="$teacher" --output_dir="$output_dir/${task}_bilstm_tang"
