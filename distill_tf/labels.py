"""What a classifier's outputs mean."""

import json
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically


@dataclass(frozen=True)
class LabelSet:
    """Class names in order, and whether the model reads pairs of texts.

    Attributes:
        names: one name a class; empty in a regression.
        is_pair: whether an example is two texts.
    """

    names: tuple[str, ...]
    is_pair: bool

    @property
    def is_regression(self) -> bool:
        return not self.names

    @property
    def num_outputs(self) -> int:
        return max(len(self.names), 1)

    def save(self, path: Path) -> None:
        write_json_atomically(path, asdict(self))

    @classmethod
    def load(cls, path: Path) -> "LabelSet":
        try:
            values = json.loads(path.read_text("utf-8"))
            return cls(tuple(values["names"]), bool(values["is_pair"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DistillError(
                f"{path} should name the model's labels, but cannot be read "
                f"({error}); restore the file."
            ) from error
