"""The folder of one run: its configuration, its stages, its results."""

import json
from pathlib import Path
from typing import Any
from typing import Generic

from distill_tf.config.options import Config
from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

CONFIG_FILE = "run_config.json"
RESULTS_FILE = "results_eval.json"


class RunFolder(Generic[Config]):
    """Belongs to one configuration; a second one is refused.

    run_config.json, results_eval.json, model.keras, vocab.txt, text_settings.json,
    labels.json, predictions.tsv; stages/ while and after training.
    """

    def __init__(self, config: Config):
        """Checks the folder without writing anything.

        Raises:
            DistillError: the folder holds something else, or a run with another
                configuration.
        """
        self.config = config
        self.path = Path(config.output_dir)
        config_file = self.path / CONFIG_FILE
        if config_file.exists():
            difference = type(config).load(config_file).difference(config)
            if difference:
                raise DistillError(
                    f"{self.path} holds another run ({difference}); choose another "
                    "output_dir, or remove that folder."
                )
        elif self.path.is_file() or (self.path.is_dir() and any(self.path.iterdir())):
            raise DistillError(
                f"{self.path} should be a new or empty folder, or one of this run, "
                "but holds other files; choose another output_dir."
            )

    def create(self) -> None:
        """Writes the configuration; from here on the folder belongs to the run."""
        self.config.save(self.path / CONFIG_FILE)

    def stage(self, *names: str) -> Path:
        return self.path.joinpath("stages", *names)

    def write_results(self, results: dict[str, Any]) -> None:
        write_json_atomically(self.path / RESULTS_FILE, results)
        if self.config.result_dir:
            write_json_atomically(Path(self.config.result_dir) / RESULTS_FILE, results)

    def read_results(self) -> dict[str, Any] | None:
        path = self.path / RESULTS_FILE
        return json.loads(path.read_text("utf-8")) if path.exists() else None
