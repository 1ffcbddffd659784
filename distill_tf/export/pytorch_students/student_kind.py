"""What a kind of student has to offer to become a PyTorch folder."""

from pathlib import Path
from typing import Protocol

from distill_tf.export.exporter import TextsToLogits
from distill_tf.predictor import Predictor


class StudentKind(Protocol):
    """A kind of student, with what PyTorch needs to run it.

    A folder has `config.json` with `model_type`, the weights as `model.safetensors`,
    what turns texts into token ids, and, unless transformers knows the architecture,
    its code as `modeling_<model_type>.py`.

    Attributes:
        model_type: tells the kinds apart.
        opened_with: the modules that `open` imports; writing needs none of them.
    """

    model_type: str
    opened_with: tuple[str, ...]

    def holds(self, predictor: Predictor) -> bool:
        """Whether the predictor's model is of this kind."""

    def write(self, predictor: Predictor, folder: Path) -> None:
        """Writes such a model into an existing, empty folder; without torch."""

    def open(self, folder: Path) -> TextsToLogits:
        """Loads what `write` wrote into PyTorch.

        Raises:
            DistillError: If PyTorch, or what turns texts into ids, is not installed.
        """
