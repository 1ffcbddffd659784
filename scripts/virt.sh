#!/usr/bin/env bash
# Cross-encoder, VIRT's towers with and without its attention, and rivals:
#   scripts/virt.sh TASK DATA_DIR CHECKPOINT [OUTPUT_DIR [RIVAL...]]
# TASK is mnli, qqp, rte or boolq; RIVALs are sbert, bi_encoder, poly, deformer, dipair, col.
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
task=${1:?mnli, qqp, rte or boolq}
data_dir=${2:?the folder with its files}
checkpoint=${3:?a pre-trained BERT}
output_dir=${4:-output}
teacher="$output_dir/${task}_bipartite_teacher"

python run_classifier.py --flagfile="flags/$task/bipartite_teacher.flags" \
  --data_dir="$data_dir" --init_checkpoint="$checkpoint" --output_dir="$teacher"
python run_distill.py --flagfile="flags/$task/late_fusion_att700.flags" --student_alone \
  --data_dir="$data_dir" --init_checkpoint_teacher="$teacher" \
  --init_checkpoint_student="$checkpoint" \
  --output_dir="$output_dir/${task}_late_fusion_att700"
for rival in "${@:5}"; do
  python run_distill.py --flagfile="flags/$task/late_fusion_att700.flags" \
    --flagfile="flags/virt/$rival.flags" --student_alone \
    --data_dir="$data_dir" --init_checkpoint_teacher="$teacher" \
    --init_checkpoint_student="$checkpoint" --output_dir="$output_dir/${task}_$rival"
done
