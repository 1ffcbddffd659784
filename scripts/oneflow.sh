#!/usr/bin/env bash
# OneFlow's recipes on GLUE, trained and evaluated:
#   scripts/oneflow.sh TASK METHOD DATA_DIR CHECKPOINT OUTPUT_DIR [--serve_for_online ...]
# TASK is sst-2, qqp, mrpc, rte or cola; METHOD is teacher, kd, lstm, pkd, tinybert or theseus.
# CHECKPOINT is a pre-trained BERT for the teacher, else what the teacher's run left.
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
task=${1:?sst-2, qqp, mrpc, rte or cola}
method=${2:?teacher, kd, lstm, pkd, tinybert or theseus}
data_dir=${3:?the folder with the task\'s files}
checkpoint=${4:?a pre-trained BERT, or a fine-tuned one to learn from}
output_dir=${5:?where the run is kept}

command=(run_distill.py --init_checkpoint_teacher="$checkpoint")
if [[ $method == teacher ]]; then
  command=(run_classifier.py --init_checkpoint="$checkpoint")
fi
python "${command[@]}" --flagfile="flags/$task/oneflow_$method.flags" \
  --data_dir="$data_dir" --output_dir="$output_dir" "${@:6}"
