"""What a run needs of whoever teaches."""

from collections.abc import Mapping
from typing import Any

from distill_tf.data.batches import StoredOutputs
from distill_tf.labels import LabelSet
from distill_tf.models.outputs import OutputsModel
from distill_tf.pipeline.task_data import TaskData
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.text import Encoder
from distill_tf.text import PresetEncoder
from distill_tf.text import SeveralEncoders


class Teacher:
    """Nobody, and the base of those who teach.

    Attributes:
        labels: what student and teacher tell apart.
        members: the classifiers that can be asked; () if none can.
        model: computes what the teacher says, in float32; None if it cannot be asked.
        encoder: how that model reads; None if there is none.
        num_layers: transformer layers that a student can look into, or None.
    """

    members: tuple[Predictor, ...] = ()
    model: OutputsModel | None = None
    encoder: Encoder | PresetEncoder | SeveralEncoders | None = None
    num_layers: int | None = None

    def __init__(self, labels: LabelSet):
        self.labels = labels

    def stored_outputs(
        self, examples: Examples, num_labelled: int
    ) -> StoredOutputs | None:
        """What is known of the training examples without asking; None to ask.

        Args:
            examples: the training examples in their order.
            num_labelled: how many of them, the first ones, are the train file's.

        Raises:
            DistillError: an example is missing.
        """
        return None

    def rate(self, data: TaskData, batch_size: int) -> dict[str, dict[str, Any]]:
        """Quality and cost on the dev sets, under the headings of the report."""
        return {}

    def time_again(
        self, rated: Mapping[str, dict[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        """What `rate` gave, with the latencies of now."""
        return dict(rated)

    def fingerprint(self) -> str | None:
        """The same for one that says the same; None if that cannot be told."""
        return None
