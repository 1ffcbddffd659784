"""Texts to token ids: vocabularies, tokenizers, the input layouts, word vectors."""

from distill_tf.text.build import Encoder
from distill_tf.text.build import build_encoder
from distill_tf.text.build import build_splitter
from distill_tf.text.build import load_vocabulary
from distill_tf.text.coverage import Coverage
from distill_tf.text.coverage import measure_coverage
from distill_tf.text.encoded import EncodedTexts
from distill_tf.text.encoded_pairs import EncodedPairs
from distill_tf.text.encoder import EncodedBatch
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.encoding import encode_all
from distill_tf.text.encoding import encode_side
from distill_tf.text.preset_encoder import PresetEncoder
from distill_tf.text.separate_encoder import SeparateEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.settings import split_max_seq_length
from distill_tf.text.several import EncodedForSeveral
from distill_tf.text.several import SeveralEncoders
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_counts import count_vocabulary
from distill_tf.text.word_dictionary import load_word_dictionary
from distill_tf.text.word_splitter import WordSplitter
from distill_tf.text.word_tokenizer import WordTokenizer
from distill_tf.text.word_vectors import WordVectors
from distill_tf.text.word_vectors import load_word_vectors
from distill_tf.text.word_vocabulary import WordVocabulary
from distill_tf.text.wordpiece import WordPieceTokenizer

__all__ = [
    "Coverage",
    "EncodedBatch",
    "EncodedForSeveral",
    "EncodedPairs",
    "EncodedTexts",
    "Encoder",
    "PresetEncoder",
    "SeparateEncoder",
    "SeveralEncoders",
    "TextEncoder",
    "TextSettings",
    "Vocabulary",
    "WordPieceTokenizer",
    "WordSplitter",
    "WordTokenizer",
    "WordVectors",
    "WordVocabulary",
    "build_encoder",
    "build_splitter",
    "count_vocabulary",
    "encode_all",
    "encode_side",
    "load_vocabulary",
    "load_word_dictionary",
    "load_word_vectors",
    "measure_coverage",
    "split_max_seq_length",
]
