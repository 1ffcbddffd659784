"""Texts to arrays beside a model that was exported without its tokenizer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from distill_tf.data.padding import pad
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.huggingface_tokenizer import write_huggingface_tokenizer
from distill_tf.export.separate_inputs import SeparateInputs
from distill_tf.export.separate_tokenizer import separate_tokenizer_json
from distill_tf.export.word_piece_inputs import WordPieceInputs
from distill_tf.files import write_json_atomically
from distill_tf.predictor import Predictor
from distill_tf.text import Encoder
from distill_tf.text import TextSettings
from distill_tf.text import build_encoder
from distill_tf.text import encode_all
from distill_tf.text import load_vocabulary

_TEXT_SETTINGS = "text_settings.json"
_TOKENIZER = "tokenizer.json"
_VOCABULARY = "vocab.txt"


class TextInputs(Protocol):
    """Turns texts, and for pairs their partners, into a model's arrays [n, L]."""

    def __call__(
        self, texts: Sequence[str], texts_b: Sequence[str] | None
    ) -> dict[str, np.ndarray]:
        """Arrays under the names of `flat_inputs`, padded to the longest row."""


class EncodedInputs:
    """Any encoder of ours as `TextInputs`, jieba's too; some milliseconds a call."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder

    def __call__(
        self, texts: Sequence[str], texts_b: Sequence[str] | None
    ) -> dict[str, np.ndarray]:
        encoded = encode_all(self._encoder, texts, texts_b)
        return flat_inputs(pad(encoded, np.arange(len(encoded))))


def save_text_inputs(predictor: Predictor, folder: Path) -> None:
    """Writes text_settings.json, labels.json, vocab.txt and tokenizer.json.

    For BERT with the small files that transformers wants beside the last.
    """
    encoder = predictor.encoder
    encoder.settings.save(folder / _TEXT_SETTINGS)
    predictor.labels.save(folder / "labels.json")
    if encoder.settings.layout == "bert":
        write_huggingface_tokenizer(encoder, folder)
        return
    encoder.vocabulary.save(folder / _VOCABULARY)
    write_json_atomically(folder / _TOKENIZER, separate_tokenizer_json(encoder))


def open_text_inputs(folder: Path, extra: str) -> TextInputs:
    """Opens what `save_text_inputs` wrote.

    Args:
        folder: where the files are.
        extra: the extra of distill_tf that installs the tokenizers library.

    Raises:
        DistillError: If a file is missing or the library is not installed.
    """
    settings = TextSettings.load(folder / _TEXT_SETTINGS)
    path = folder / _TOKENIZER
    if settings.layout == "bert":
        return WordPieceInputs.open(path, settings.max_seq_length, extra)
    vocabulary = load_vocabulary(folder / _VOCABULARY, settings)
    if settings.layout == "separate" and settings.tokenizer != "jieba":
        return SeparateInputs.open(path, vocabulary.pad_id, vocabulary.unk_id, extra)
    return EncodedInputs(build_encoder(vocabulary, settings))
