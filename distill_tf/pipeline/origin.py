"""What a run is begun with, kept to notice that it changed before the run has ended."""

from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from distill_tf.files import write_json_atomically
from distill_tf.training.readable import read_json
from distill_tf.training.readable import readable


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Teacher and data by what is the same only if they are.

    Attributes:
        teacher: a hash of what the teacher is; None if that cannot be told, or there
            is none.
    """

    teacher: str | None = None

    def difference(self, earlier: Self) -> str | None:
        """What has changed since then, as a part of a sentence."""
        teachers = {self.teacher, earlier.teacher}
        if len(teachers) > 1 and None not in teachers:
            return "the teacher has changed"
        return None

    def save(self, path: Path) -> None:
        write_json_atomically(path, asdict(self))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what `save` wrote; DistillError if it is something else."""
        mend = "remove it to go on without knowing whether data or teacher changed"
        values = read_json(path, dict, mend)
        with readable(path, mend):
            return cls(**values)
