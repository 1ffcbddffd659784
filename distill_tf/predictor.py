"""A finished classifier with its vocabulary and labels: texts in, labels out."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from scipy.special import softmax

from distill_tf.errors import DistillError
from distill_tf.evaluation.inference import Inference
from distill_tf.files import atomic_path
from distill_tf.labels import LabelSet
from distill_tf.models.kinds import CLASSIFIERS
from distill_tf.text import EncodedPairs
from distill_tf.text import EncodedTexts
from distill_tf.text import Encoder
from distill_tf.text import TextSettings
from distill_tf.text import build_encoder
from distill_tf.text import encode_all
from distill_tf.text import load_vocabulary

_MODEL = "model.keras"
_VOCABULARY = "vocab.txt"
_TEXT_SETTINGS = "text_settings.json"
_LABELS = "labels.json"


@dataclass(frozen=True)
class Prediction:
    """What a classifier says of one text.

    Attributes:
        label: the most probable label; None in a regression.
        probabilities: label -> probability; empty in a regression.
        score: the probability of `label`; in a regression the predicted number.
    """

    label: str | None
    probabilities: dict[str, float]
    score: float


class Predictor:
    """A model that reads text.

    Args:
        model: gives logits [B, C] for token ids.
        encoder: turns texts into the model's inputs.
        labels: names of the classes, in order.
    """

    def __init__(self, model: keras.Model, encoder: Encoder, labels: LabelSet):
        self.model = model
        self.encoder = encoder
        self.labels = labels
        self.inference = Inference(model)

    def predict(
        self,
        texts: Sequence[str],
        texts_b: Sequence[str] | None = None,
        batch_size: int = 64,
    ) -> list[Prediction]:
        """One prediction a text, or a pair of texts, in order."""
        logits = self.logits(texts, texts_b, batch_size)
        if self.labels.is_regression:
            return [Prediction(None, {}, float(row[0])) for row in logits]
        return [
            Prediction(
                label=self.labels.names[int(row.argmax())],
                probabilities=dict(
                    zip(self.labels.names, map(float, row), strict=True)
                ),
                score=float(row.max()),
            )
            for row in softmax(logits.astype(np.float64), axis=-1)
        ]

    def logits(
        self,
        texts: Sequence[str],
        texts_b: Sequence[str] | None = None,
        batch_size: int = 64,
    ) -> np.ndarray:
        """Logits [n, C], float32."""
        if isinstance(texts, str) or isinstance(texts_b, str):
            raise DistillError(
                "predict expects a list of texts, but got one text; put it in a list."
            )
        if self.labels.is_pair != (texts_b is not None):
            expected = "two lists" if self.labels.is_pair else "one list"
            raise DistillError(
                f"this model reads {expected} of texts, but got "
                f"{1 if texts_b is None else 2}; call predict accordingly."
            )
        if texts_b is not None and len(texts) != len(texts_b):
            raise DistillError(
                f"predict expects two lists of the same length, but got {len(texts)} "
                f"and {len(texts_b)} texts; give every text its partner."
            )
        return self.inference.logits(self.encode(texts, texts_b), batch_size)

    def encode(
        self, texts: Sequence[str], texts_b: Sequence[str] | None = None
    ) -> EncodedTexts | EncodedPairs:
        return encode_all(self.encoder, texts, texts_b)

    def with_precision(self, dtype_policy: str) -> "Predictor":
        """The same classifier, computing under another Keras dtype policy.

        Under "bfloat16" the copy is for computing alone: its weights must not change
        any more, and it is not to be exported; see `BaseClassifier.with_precision`.
        """
        model = self.model.with_precision(dtype_policy)
        return Predictor(model, self.encoder, self.labels)

    def save(self, folder: str | Path) -> None:
        """Writes model.keras, vocab.txt, text_settings.json and labels.json."""
        folder = Path(folder)
        self.encoder.vocabulary.save(folder / _VOCABULARY)
        self.encoder.settings.save(folder / _TEXT_SETTINGS)
        self.labels.save(folder / _LABELS)
        with atomic_path(folder / _MODEL) as temporary:
            self.model.save(temporary)

    @staticmethod
    def is_saved_in(folder: str | Path) -> bool:
        return (Path(folder) / _MODEL).is_file()

    @classmethod
    def load(cls, folder: str | Path) -> "Predictor":
        """Reads what `save` wrote; DistillError if something is missing or broken."""
        folder = Path(folder)
        if not cls.is_saved_in(folder):
            raise DistillError(
                f"{folder} should be the folder of a finished run, but holds no "
                f"{_MODEL}; give --output_dir of a run that has ended."
            )
        settings = TextSettings.load(folder / _TEXT_SETTINGS)
        vocabulary = load_vocabulary(folder / _VOCABULARY, settings)
        encoder = build_encoder(vocabulary, settings)
        try:
            model = keras.models.load_model(folder / _MODEL, compile=False)
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            zipfile.BadZipFile,
        ) as error:
            raise DistillError(
                f"{folder / _MODEL} should be a saved student or teacher, but cannot "
                f"be read ({str(error).splitlines()[0]}); restore the file or train "
                "again."
            ) from error
        if not isinstance(model, CLASSIFIERS):
            raise DistillError(
                f"{folder / _MODEL} should be a saved student or teacher, but holds a "
                f"{type(model).__name__}; restore the file or train again."
            )
        return cls(model, encoder, LabelSet.load(folder / _LABELS))


def load(folder: str | Path) -> Predictor:
    """The finished model of a run's output folder; see `Predictor.load`."""
    return Predictor.load(folder)
