"""What a format has to offer: writing a classifier, and running what was written."""

import importlib
import sys
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

import numpy as np

from distill_tf.errors import DistillError
from distill_tf.predictor import Predictor

TextsToLogits = Callable[[Sequence[str], Sequence[str] | None], np.ndarray]


@dataclass(frozen=True)
class Export:
    """One artefact, opened with its own runtime.

    Attributes:
        files: what a client needs of the folder, in whole or as one of its variants.
        logits: texts, and for pairs their partners (else None), to logits
            [n, C] float32. Any number of texts, in order.
        tolerance: the largest difference from the Keras model's logits that the
            format allows.
        variant: tells the artefacts of one folder apart, such as "int8"; empty if
            there is one only.
    """

    files: tuple[Path, ...]
    logits: TextsToLogits
    tolerance: float
    variant: str = ""


class Exporter(Protocol):
    """A format, by name.

    A module `distill_tf.export.<name>` has one, called `EXPORTER`.

    Attributes:
        name: of the format.
        marker: a file that its folder has, whatever is exported.
        is_versioned: whether its folder holds versions of a model, of which it writes
            one and the user may add others.
    """

    name: str
    marker: str
    is_versioned: bool

    def check(self, predictor: Predictor) -> None:
        """Says what is in the way before anything is written.

        Raises:
            DistillError: If the format cannot hold such a model, or a tool that it
                needs is not installed.
        """

    def export(self, predictor: Predictor, folder: Path) -> None:
        """Writes a classifier.

        Args:
            predictor: the classifier; its model computes in float32.
            folder: exists and is empty. The caller renames it into its place, so no
                file may hold its path.
        """

    def open(self, folder: Path) -> tuple[Export, ...]:
        """Opens what `export` wrote, with the format's own runtime.

        The folder is all there is: it may be opened in another process, long after
        the run's own folder has gone.
        """


def import_tool(module: str, extra: str) -> ModuleType:
    """Imports an optional dependency.

    Args:
        module: the module's name, such as "onnxruntime".
        extra: the extra of distill_tf that installs it, such as "onnx".

    Raises:
        DistillError: If it is not installed.
    """
    _keep_triton_out()
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise DistillError(
            f"this export needs {module}, which cannot be imported ({error}); run: "
            f'pip install -e ".[{extra}]"'
        ) from error


def _keep_triton_out() -> None:
    """Makes importing Triton an ImportError, in a process that has TensorFlow.

    Each brings an LLVM of its own, and loading Triton as the second ends the process
    without a word. PyTorch's CUDA build brings Triton, and transformers imports it
    where it can; neither needs it to run a model as it is.
    """
    if "tensorflow" in sys.modules:
        sys.modules.setdefault("triton", None)


def files_under(folder: Path) -> tuple[Path, ...]:
    """All files below a folder, in order of their names."""
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
