"""BERT's basic tokenization: words, punctuation and ideographs."""

import tensorflow as tf
import tensorflow_text as tf_text

from distill_tf.text.character_classes import COMMON_CJK
from distill_tf.text.character_classes import PUNCTUATION
from distill_tf.text.character_classes import RARE_CJK
from distill_tf.text.character_classes import WHITE_SPACE
from distill_tf.text.word_splitter import WordSplitter

_WORDS_OF_THEIR_OWN = f"[{PUNCTUATION}{COMMON_CJK}{RARE_CJK}]"
_BOUNDARIES = f"[{WHITE_SPACE}]+|{_WORDS_OF_THEIR_OWN}"


class BasicSplitter(WordSplitter):
    """Splits at white space and around punctuation and CJK ideographs.

    The words are those that google-research/bert's `BasicTokenizer` hands to WordPiece.
    """

    def _split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        return split_basic_words(texts)


def split_basic_words(texts: tf.Tensor) -> tf.RaggedTensor:
    """Splits texts that are cleaned and normalised already.

    Args:
        texts: [n] tf.string, UTF-8.

    Returns:
        [n, (words)] tf.string; none of the words is empty.
    """
    return tf_text.regex_split(texts, _BOUNDARIES, _WORDS_OF_THEIR_OWN)
