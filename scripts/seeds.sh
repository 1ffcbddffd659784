#!/usr/bin/env bash
# Does a setting cost quality? Fine-tunes on SST-2 with several seeds in a usual and in another
# way, each a file of flags of its own name, and compares the accuracies:
# scripts/seeds.sh USUAL.flags OTHER.flags DATA_DIR CHECKPOINT OUTPUT_DIR [SEEDS] [FLAGS ...]
# Paths are absolute, or relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
usual=${1:?a file of flags, as flags/speed/float32.flags}
other=${2:?another one, as flags/speed/mixed_bfloat16.flags}
data_dir=${3:?the folder with train.tsv and dev.tsv}
checkpoint=${4:?a pre-trained BERT}
output_dir=${5:?a new folder}
seeds=${6:-5}

name() { basename "$1" .flags; }
if [ "$(name "$usual")" = "$(name "$other")" ]; then
  echo "expected two files of different names, but got $usual and $other; rename one." >&2
  exit 1
fi
for seed in $(seq 1 "$seeds"); do
  for way in "$usual" "$other"; do
    python run_classifier.py --flagfile=flags/sst-2/teacher.flags --flagfile="$way" \
      --data_dir="$data_dir" --init_checkpoint="$checkpoint" --seed="$seed" \
      --output_dir="$output_dir/$(name "$way")_$seed" "${@:7}"
  done
done
python benchmarks/seed_spread.py "$output_dir" "$output_dir/quality.json" \
  "$(name "$usual")" "$(name "$other")"
