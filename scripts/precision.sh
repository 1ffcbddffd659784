#!/usr/bin/env bash
# Fine-tunes with several seeds in float32 and bfloat16, and compares the accuracies:
# scripts/precision.sh DATA_DIR CHECKPOINT [OUTPUT_DIR] [SEEDS] [FLAGS ...]
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
data_dir=${1:?the folder with train.tsv and dev.tsv}
checkpoint=${2:?a pre-trained BERT}
output_dir=${3:-output/precision}
seeds=${4:-5}

for seed in $(seq 1 "$seeds"); do
  for precision in float32 mixed_bfloat16; do
    python run_classifier.py --flagfile=flags/sst-2/teacher.flags \
      --data_dir="$data_dir" --init_checkpoint="$checkpoint" \
      --precision="$precision" --seed="$seed" \
      --output_dir="$output_dir/${precision}_$seed" "${@:5}"
  done
done
python benchmarks/seed_spread.py "$output_dir" "$output_dir/precision_quality.json"
