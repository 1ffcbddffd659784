"""What a run on a task is trained on."""

import hashlib
from dataclasses import dataclass

from distill_tf.pipeline.origin import Origin
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teachers import Teacher
from distill_tf.tasks import Examples


@dataclass(frozen=True, kw_only=True)
class TrainedOn(Origin):
    """The origin of a run on a task.

    Attributes:
        labels: the names of the classes in order; none in a regression.
        num_examples: how many are trained on, those without a label among them.
        examples: a hash of their texts and labels.
        dev: the same of the dev set, which selects the best weights.
    """

    labels: list[str]
    num_examples: int
    examples: str
    dev: str

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

    def difference(self, earlier: "TrainedOn") -> str | None:
        """What has changed since then, as a part of a sentence."""
        if self.labels != earlier.labels:
            return f"the labels were {_named(earlier)} and are now {_named(self)}"
        if self.num_examples != earlier.num_examples:
            return (
                f"it had {earlier.num_examples} training examples and there are now "
                f"{self.num_examples}"
            )
        if self.examples != earlier.examples:
            return "texts or labels of the training examples have changed"
        if self.dev != earlier.dev:
            return "texts or labels of the dev set have changed"
        return super().difference(earlier)


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
