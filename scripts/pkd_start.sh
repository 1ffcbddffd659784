#!/usr/bin/env bash
# Writes the student that PKD starts from, layers of the teacher, as a Google checkpoint for
# --init_checkpoint_student: scripts/pkd_start.sh TASK TEACHER OUTPUT_DIR [LAYER_LIST]
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
task=${1:?the task that the teacher is fine-tuned on}
teacher=${2:?a fine-tuned BERT}
output_dir=${3:?a new folder}
layer_list=${4:-2,6,10}

python run_distill.py --init_student_only --model_type=bert_pkd --task_name="$task" \
  --init_checkpoint_teacher="$teacher" --layer_list="$layer_list" --output_dir="$output_dir"
