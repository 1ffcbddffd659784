"""Whether bfloat16 is as good as float32: runs with several seeds in both.

    scripts/precision.sh DATA_DIR CHECKPOINT      # trains, then calls this

Reads results_eval.json of the folders <precision>_<seed> and compares the difference of
the means with the spread from seed to seed.
"""

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from absl import app

from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

PRECISIONS = "float32", "mixed_bfloat16"
_FEWEST_SEEDS = 2
_METRIC = "accuracy"
_ARGUMENTS = 3  # The script, the folder, the file.


def read_values(folder: Path) -> dict[str, dict[str, float]]:
    """precision -> seed -> value.

    Raises:
        DistillError: a precision has fewer than two finished runs, or the two have
            different seeds.
    """
    values = {}
    for precision in PRECISIONS:
        found = {
            path.parent.name.rsplit("_", 1)[1]: json.loads(path.read_text("utf-8"))
            for path in sorted(folder.glob(f"{precision}_*/results_eval.json"))
        }
        if len(found) < _FEWEST_SEEDS:
            raise DistillError(
                f"{folder} has {len(found)} finished runs {precision}_<seed>, but "
                f"a spread needs {_FEWEST_SEEDS}; run scripts/precision.sh."
            )
        values[precision] = {seed: result[_METRIC] for seed, result in found.items()}
    seeds, others = (set(values[precision]) for precision in PRECISIONS)
    if seeds != others:
        raise DistillError(
            f"seeds {', '.join(sorted(seeds ^ others))} ran in one precision only; run "
            "scripts/precision.sh to its end."
        )
    return values


def compare_precisions(values: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Means, standard deviations over seeds, and whether the means differ by less."""
    result = {
        precision: {
            "mean": statistics.fmean(by_seed.values()),
            "standard_deviation": statistics.stdev(by_seed.values()),
            "min": min(by_seed.values()),
            "max": max(by_seed.values()),
            "by_seed": dict(by_seed),
        }
        for precision, by_seed in values.items()
    }
    float32, bfloat16 = (result[precision] for precision in PRECISIONS)
    difference = bfloat16["mean"] - float32["mean"]
    return {
        **result,
        "difference_of_means": difference,
        "within_seed_spread": abs(difference) <= float32["standard_deviation"],
    }


def main(argv: list[str]) -> None:
    with mistakes_in_one_sentence("nothing was written"):
        if len(argv) != _ARGUMENTS:
            raise DistillError(
                f"expected the folder of the runs and a JSON file, but got {argv[1:]}."
            )
        values = read_values(Path(argv[1]))
        result = {"metric": _METRIC, **compare_precisions(values)}
        print(json.dumps(result, indent=2))
        write_json_atomically(Path(argv[2]), result)


if __name__ == "__main__":
    app.run(main)
