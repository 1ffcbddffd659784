"""The folder that a run writes to, which belongs to one configuration."""

import os
from pathlib import Path
from typing import Generic

from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.options import Config
from distill_tf.errors import DistillError

_STAGES = "stages"


class OutputFolder(Generic[Config]):
    """run_config.json says which run it is; stages/ holds the training."""

    def __init__(self, config: Config):
        """Checks the folder without writing anything.

        Args:
            config: has an `output_dir`.

        Raises:
            DistillError: the folder cannot be written, or holds something else, or a
                run with another configuration.
        """
        self.config = config
        self.path = Path(config.output_dir)
        check_writable(self.path, "output_dir")
        config_file = self.path / CONFIG_FILE
        if not config_file.exists():
            self._refuse_other_files()
        elif self._is_begun():
            self._refuse_other_run(config_file)

    def _is_begun(self) -> bool:
        """Whether there is something that another configuration must not go on with."""
        return self.stage().exists()

    def _refuse_other_files(self) -> None:
        # A kill may leave a hidden temporary file behind.
        found = sorted(p.name for p in self.path.glob("*") if p.name[0] != ".")
        if found:
            raise DistillError(
                f"{self.path} should be a new or empty folder, or one of this run, "
                f"but holds other files ({found[0]}); choose another output_dir."
            )

    def _refuse_other_run(self, config_file: Path) -> None:
        difference = self.config.difference(type(self.config).load(config_file))
        if difference:
            raise DistillError(
                f"{self.path} holds another run ({difference}); choose another "
                "output_dir, or remove that folder."
            )

    def create(self) -> None:
        """Writes the configuration; from here on the folder belongs to the run."""
        self.config.save(self.path / CONFIG_FILE)

    def stage(self, *names: str) -> Path:
        return self.path.joinpath(_STAGES, *names)


def check_writable(path: Path, option: str) -> None:
    """DistillError unless the path is, or can become, a folder to write to."""
    existing = nearest_existing(path)
    if not existing.is_dir():
        raise DistillError(
            f"{option} should be a folder, but {existing} is a file; choose another "
            f"{option}."
        )
    if not os.access(existing, os.W_OK):
        raise DistillError(
            f"{option} is {path}, but {existing} may not be written to; choose "
            f"another {option}, or change the permissions."
        )


def nearest_existing(path: Path) -> Path:
    """The path, or else the nearest folder above it."""
    return next(place for place in (path, *path.parents) if place.exists())
