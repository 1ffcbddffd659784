"""What a run is trained on, to notice that it changed before the run has ended."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

from distill_tf.files import write_json_atomically
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples
from distill_tf.training.readable import read_json
from distill_tf.training.readable import readable


@dataclass(frozen=True, kw_only=True)
class TrainedOn:
    """Data and teacher, each by what is the same only if they are.

    Attributes:
        labels: the names of the classes in order; none in a regression.
        num_examples: how many are trained on, those without a label among them.
        examples: a hash of their texts and labels.
        dev: the same of the dev set, which selects the best weights.
        teacher: a hash of what the teacher is; None if that cannot be told, or there
            is none.
    """

    labels: list[str]
    num_examples: int
    examples: str
    dev: str
    teacher: str | None = None

    @classmethod
    def of(
        cls, data: TaskData, train: Examples, teacher: Teacher | None = None
    ) -> "TrainedOn":
        """Reads the dev set, and takes about a second for a large teacher."""
        return cls(
            labels=list(data.labels.names),
            num_examples=len(train),
            examples=_hash(train),
            dev=_hash(data.dev_examples()),
            teacher=teacher and teacher.fingerprint(),
        )

    def save(self, path: Path) -> None:
        write_json_atomically(path, asdict(self))

    @classmethod
    def load(cls, path: Path) -> "TrainedOn":
        mend = "remove it to go on without knowing whether data or teacher changed"
        values = read_json(path, dict, mend)
        with readable(path, mend):
            return cls(**values)

    def difference(self, earlier: "TrainedOn") -> str | None:
        """What has changed since then, as a part of a sentence."""
        return next(self._differences(earlier), None)

    def _differences(self, earlier: "TrainedOn") -> Iterator[str]:
        if self.labels != earlier.labels:
            yield f"the labels were {_named(earlier)} and are now {_named(self)}"
        if self.num_examples != earlier.num_examples:
            yield (
                f"it had {earlier.num_examples} training examples and there are now "
                f"{self.num_examples}"
            )
        if self.examples != earlier.examples:
            yield "texts or labels of the training examples have changed"
        if self.dev != earlier.dev:
            yield "texts or labels of the dev set have changed"
        teachers = {self.teacher, earlier.teacher}
        if len(teachers) > 1 and None not in teachers:
            yield "the teacher has changed"


def _named(trained_on: TrainedOn) -> str:
    return ", ".join(trained_on.labels) or "numbers"


def _hash(examples: Examples) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for texts in (examples.texts_a, examples.texts_b or ()):
        lengths = ",".join(map(str, map(len, texts)))
        digest.update(f"{lengths}\n".encode())
        digest.update("".join(texts).encode("utf-8", "surrogatepass"))
    if examples.labels is not None:
        digest.update(examples.labels.tobytes())
    return digest.hexdigest()
