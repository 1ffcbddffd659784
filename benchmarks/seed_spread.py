"""Whether another way of training is as good as the usual one, over several seeds.

    scripts/seeds.sh USUAL.flags OTHER.flags DATA_DIR CHECKPOINT OUTPUT_DIR

trains, then calls this. Reads results_eval.json of the folders <way>_<seed>, and
compares the difference of the means with the usual way's spread from seed to seed.
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

_FEWEST_SEEDS = 2
_METRIC = "accuracy"
_ARGUMENTS = 5  # The script, the folder, the file, both ways.


def read_values(folder: Path, ways: tuple[str, str]) -> dict[str, dict[str, float]]:
    """way -> seed -> value, the usual way first.

    Raises:
        DistillError: the ways have one name, one has fewer than two finished runs, or
            the two have different seeds.
    """
    values = {way: {} for way in ways}
    if len(values) < len(ways):
        raise DistillError(f"expected two ways of different names, but got {ways}.")
    for path in sorted(folder.glob("*/results_eval.json")):
        way, _, seed = path.parent.name.rpartition("_")
        if way in values:
            values[way][seed] = json.loads(path.read_text("utf-8"))[_METRIC]
    for way, by_seed in values.items():
        if len(by_seed) < _FEWEST_SEEDS:
            raise DistillError(
                f"{folder} has {len(by_seed)} finished runs {way}_<seed>, but a spread "
                f"needs {_FEWEST_SEEDS}; run scripts/seeds.sh."
            )
    seeds, others = map(set, values.values())
    if seeds != others:
        raise DistillError(
            f"seeds {', '.join(sorted(seeds ^ others))} ran in one way only; run "
            "scripts/seeds.sh to its end."
        )
    return values


def compare_ways(values: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Means, standard deviations over seeds, and whether the means differ by less."""
    result = {
        way: {
            "mean": statistics.fmean(by_seed.values()),
            "standard_deviation": statistics.stdev(by_seed.values()),
            "min": min(by_seed.values()),
            "max": max(by_seed.values()),
            "by_seed": dict(by_seed),
        }
        for way, by_seed in values.items()
    }
    usual, other = result.values()
    difference = other["mean"] - usual["mean"]
    return {
        **result,
        "difference_of_means": difference,
        "within_seed_spread": abs(difference) <= usual["standard_deviation"],
    }


def main(argv: list[str]) -> None:
    with mistakes_in_one_sentence("nothing was written"):
        if len(argv) != _ARGUMENTS:
            raise DistillError(
                "expected the folder of the runs, a JSON file and the names of two "
                f"ways, but got {argv[1:]}."
            )
        _, folder, file, usual, other = argv
        values = read_values(Path(folder), (usual, other))
        result = {"metric": _METRIC, **compare_ways(values)}
        print(json.dumps(result, indent=2))
        write_json_atomically(Path(file), result)


if __name__ == "__main__":
    app.run(main)
