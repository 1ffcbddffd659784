"""The files of one stage: its saved state, its best weights, its result."""

import json
import shutil
from pathlib import Path

import keras
import numpy as np

from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.files import write_json_atomically
from distill_tf.training.progress import Progress

DONE_FILE = "done.json"
_STATE = "state-"
_STATE_WEIGHTS = "distiller.weights.h5"
_STATE_SEEDS = "seeds.npy"
_STATE_PROGRESS = "progress.json"


class StageFolder:
    """Everything is written beside its place and renamed, so a kill loses nothing.

    state-<step>/    weights, optimizer, dropout's seeds, progress: to go on from
    best.weights.h5  the student at its best dev result so far
    student.weights.h5, done.json   the finished stage
    """

    def __init__(self, path: Path):
        self.path = path
        self._best = path / "best.weights.h5"
        self._student = path / "student.weights.h5"
        self._done = path / DONE_FILE

    def finished(self) -> Progress | None:
        """The record of the stage if it is complete."""
        if not self._done.exists():
            return None
        return Progress(**json.loads(self._done.read_text("utf-8")))

    def save_state(self, distiller: keras.Model, progress: Progress) -> None:
        """Writes a new state, then drops the one before it."""
        with atomic_path(self.path / f"{_STATE}{progress.step}") as folder:
            folder.mkdir()
            distiller.save_weights(folder / _STATE_WEIGHTS)
            # Keras leaves the state of dropout's generators out of the weights.
            np.save(folder / _STATE_SEEDS, [seed.numpy() for seed in _seeds(distiller)])
            write_json_atomically(folder / _STATE_PROGRESS, progress.to_dict())
        for older in self._states()[:-1]:
            shutil.rmtree(older)

    def restore_state(self, distiller: keras.Model) -> Progress:
        """Puts the newest saved state back, if there is one; else a fresh start."""
        states = self._states()
        if not states:
            return Progress()
        load_weights(distiller, states[-1] / _STATE_WEIGHTS)
        for seed, value in zip(
            _seeds(distiller), np.load(states[-1] / _STATE_SEEDS), strict=True
        ):
            seed.assign(value)
        saved = (states[-1] / _STATE_PROGRESS).read_text("utf-8")
        return Progress(**json.loads(saved))

    def _states(self) -> list[Path]:
        """Saved states, by step; what a kill left half-written is not among them."""
        return sorted(
            self.path.glob(f"{_STATE}*"),
            key=lambda path: int(path.name.removeprefix(_STATE)),
        )

    def save_best(self, student: keras.Model) -> None:
        save_weights(student, self._best)

    def restore_best(self, student: keras.Model) -> None:
        load_weights(student, self._best)

    def finish(self, student: keras.Model, progress: Progress) -> None:
        """Keeps the student's weights and the record, drops what led there."""
        save_weights(student, self._student)
        write_json_atomically(self._done, progress.to_dict())
        for state in self._states():
            shutil.rmtree(state)
        self._best.unlink(missing_ok=True)

    def restore_student(self, student: keras.Model) -> None:
        load_weights(student, self._student)


def _seeds(model: keras.Model) -> list[keras.Variable]:
    return [v for v in model.variables if v.name == "seed_generator_state"]


def save_weights(model: keras.Model, path: Path) -> None:
    """Writes a model's weights beside their place, then renames."""
    with atomic_path(path) as temporary:
        model.save_weights(temporary)


def load_weights(model: keras.Model, path: Path) -> None:
    """Reads weights that `save_weights` wrote; DistillError if they are broken."""
    try:
        model.load_weights(path)
    except (OSError, ValueError, KeyError) as error:
        raise DistillError(
            f"{path} should hold the weights of this run, but cannot be read "
            f"({str(error).splitlines()[0]}); remove the folder {path.parent} to "
            "train that part again."
        ) from error
