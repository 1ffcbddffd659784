#!/usr/bin/env bash
# General distillation, then SST-2 from that start and from random weights, alike in all else:
#   scripts/general.sh CORPUS CHECKPOINT SST2_DIR TEACHER [OUTPUT_DIR]
# CORPUS is text, or aclImdb; CHECKPOINT a pre-trained BERT; TEACHER a BERT fine-tuned on SST-2.
# MAX_STEPS and MAX_HOURS bound the first part.
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=${1:?text files, a folder of them, or aclImdb}
checkpoint=${2:?a pre-trained BERT}
data_dir=${3:?the folder with the files of SST-2}
teacher=${4:?a BERT fine-tuned on SST-2}
output_dir=${5:-output}

python -m distill_tf.general_distillation --corpus="$corpus" \
  --init_checkpoint_teacher="$checkpoint" --output_dir="$output_dir/general_tinybert" \
  --max_steps="${MAX_STEPS:-9400}" --max_hours="${MAX_HOURS:-2}"
python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags \
  --data_dir="$data_dir" --init_checkpoint_teacher="$teacher" \
  --init_checkpoint_student="$output_dir/general_tinybert/student" \
  --output_dir="$output_dir/sst-2_tinybert_general"
python run_distill.py --flagfile=flags/sst-2/tinybert_random.flags \
  --data_dir="$data_dir" --init_checkpoint_teacher="$teacher" \
  --output_dir="$output_dir/sst-2_tinybert_random"
