#!/usr/bin/env bash
# Evaluates a finished run again: scripts/evaluate.sh OUTPUT_DIR [RESULT_DIR]
# RESULT_DIR gets a second copy of results_eval.json.
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
output_dir=${1:?the output folder of run_classifier.py or run_distill.py}
result_dir=${2:-}

script=run_classifier.py
if grep -q '"init_checkpoint_teacher"' "$output_dir/run_config.json"; then
  script=run_distill.py
fi
python "$script" --do_train=false --output_dir="$output_dir" --result_dir="$result_dir"
