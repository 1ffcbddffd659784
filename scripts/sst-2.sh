#!/usr/bin/env bash
# Teacher and TinyBERT-4L student on SST-2: scripts/sst-2.sh DATA_DIR CHECKPOINT [OUTPUT_DIR]
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
data_dir=${1:?the folder with train.tsv and dev.tsv}
checkpoint=${2:?a pre-trained BERT}
output_dir=${3:-output}

python run_classifier.py --flagfile=flags/sst-2/teacher.flags \
  --data_dir="$data_dir" --init_checkpoint="$checkpoint" \
  --output_dir="$output_dir/sst-2_teacher"
python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags --student_alone \
  --data_dir="$data_dir" --init_checkpoint_teacher="$output_dir/sst-2_teacher" \
  --output_dir="$output_dir/sst-2_tinybert_random"
