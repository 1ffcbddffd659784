"""The files of one stage: its saved state, its best weights, its result."""

import json
import math
import re
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

import keras
import numpy as np
import tensorflow as tf

from distill_tf.array_files import save_array
from distill_tf.files import atomic_path
from distill_tf.files import check_free_space
from distill_tf.files import remove_leftovers
from distill_tf.files import write_json_atomically
from distill_tf.training.dropout_seeds import dropout_seeds
from distill_tf.training.dropout_seeds import set_dropout_seeds
from distill_tf.training.progress import Progress
from distill_tf.training.readable import readable

DONE_FILE = "done.json"
_STATE = "state-"
_STATE_NAME = re.compile(rf"{_STATE}(?P<step>\d+)-(?P<epoch>\d+)")
_STATE_WEIGHTS = "distiller.weights.h5"
_STATE_SEEDS = "seeds.npy"
_STATE_PROGRESS = "progress.json"


class StageFolder:
    """Everything is written beside its place and renamed, so a kill loses nothing.

    What a kill leaves half-written is removed when the stage goes on or ends: only one
    process may be at a stage.

    state-<step>-<epoch>/  weights, optimizer, dropout's seeds, progress: to go on from
    best.weights.h5  the student at its best dev result so far
    student.weights.h5, done.json   the finished stage
    map_<key>.npz    the weights of a trained map that later stages go on with
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
        return _load_progress(self._done)

    def save_state(self, distiller: keras.Model, progress: Progress) -> None:
        """Writes a new state, then drops the one before it.

        Each state has a name of its own, so that one is there at any moment.
        """
        name = f"{_STATE}{progress.step}-{progress.epoch}"
        check_free_space(self.path, _num_bytes(distiller))
        with atomic_path(self.path / name) as folder:
            folder.mkdir()
            distiller.save_weights(folder / _STATE_WEIGHTS)
            save_array(folder / _STATE_SEEDS, dropout_seeds(distiller))
            write_json_atomically(folder / _STATE_PROGRESS, progress.to_dict())
        for older in self._states()[:-1]:
            shutil.rmtree(older)

    def restore_state(self, distiller: keras.Model) -> Progress:
        """Puts the newest saved state back, if there is one; else a fresh start."""
        remove_leftovers(self.path)
        states = self._states()
        if not states:
            return Progress()
        load_weights(distiller, states[-1] / _STATE_WEIGHTS)
        with _readable(states[-1] / _STATE_SEEDS) as path:
            set_dropout_seeds(distiller, np.load(path))
        return _load_progress(states[-1] / _STATE_PROGRESS)

    def _states(self) -> list[Path]:
        """Saved states, by step; what a kill left half-written is not among them."""
        found = {
            (int(match["step"]), int(match["epoch"])): path
            for path in self.path.glob(f"{_STATE}*")
            if (match := _STATE_NAME.fullmatch(path.name))
        }
        return [found[position] for position in sorted(found)]

    def save_best(self, student: keras.Model) -> None:
        save_weights(student, self._best)

    def restore_best(self, student: keras.Model) -> None:
        load_weights(student, self._best)

    def finish(
        self,
        student: keras.Model,
        progress: Progress,
        maps: Mapping[str, keras.layers.Layer] = MappingProxyType({}),
    ) -> None:
        """Keeps the weights and the record, drops what led there."""
        save_weights(student, self._student)
        for key, layer in maps.items():
            with (
                atomic_path(self._map(key)) as temporary,
                open(temporary, "wb") as file,
            ):
                np.savez(file, *layer.get_weights())
        write_json_atomically(self._done, progress.to_dict())
        self._drop_what_led_here()

    def restore_student(self, student: keras.Model) -> None:
        """Puts the finished stage's weights back."""
        load_weights(student, self._student)
        # A kill may have come between the record and this.
        self._drop_what_led_here()

    def _drop_what_led_here(self) -> None:
        for state in self._states():
            shutil.rmtree(state)
        self._best.unlink(missing_ok=True)
        remove_leftovers(self.path)

    def restore_maps(
        self, maps: Mapping[str, keras.layers.Layer]
    ) -> Mapping[str, keras.layers.Layer]:
        """Puts the finished stage's weights into these maps, and gives them back."""
        for key, layer in maps.items():
            # Opened here, since np.load leaves a broken archive open.
            with _readable(self._map(key)) as path, open(path, "rb") as file:
                layer.set_weights(list(np.load(file).values()))
        return maps

    def _map(self, key: str) -> Path:
        return self.path / f"map_{key}.npz"


def save_weights(model: keras.Model, path: Path) -> None:
    """Writes a model's weights beside their place, then renames.

    Raises:
        DistillError: the disk is full, or cannot be written.
    """
    check_free_space(path.parent, _num_bytes(model))
    with atomic_path(path) as temporary:
        model.save_weights(temporary)


def _num_bytes(model: keras.Model) -> int:
    """Of all variables, those of an optimizer too."""
    variables = [*model.variables]
    if getattr(model, "optimizer", None):
        variables += model.optimizer.variables
    return sum(
        math.prod(each.shape) * tf.as_dtype(each.dtype).size for each in variables
    )


def load_weights(model: keras.Model, path: Path) -> None:
    """Reads weights that `save_weights` wrote; DistillError if they are broken."""
    with _readable(path):
        model.load_weights(path)


def _load_progress(path: Path) -> Progress:
    with _readable(path):
        return Progress(**json.loads(path.read_text("utf-8")))


def _readable(path: Path) -> AbstractContextManager[Path]:
    return readable(path, how_to_train_again(path.parent))


def how_to_train_again(folder: Path) -> str:
    """What to do about a stage's folder with a damaged file."""
    return f"remove the folder {folder} to train that part again"
