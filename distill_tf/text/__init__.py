"""Texts to token ids: vocabularies, WordPiece, the input layouts."""

from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded import encode_all
from distill_tf.text.encoder import EncodedBatch
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.wordpiece import WordPieceTokenizer

__all__ = [
    "EncodedBatch",
    "EncodedTexts",
    "TextEncoder",
    "TextSettings",
    "Vocabulary",
    "WordPieceTokenizer",
    "encode_all",
]
