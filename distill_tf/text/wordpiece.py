"""WordPiece tokenization in the graph, equal to Hugging Face's."""

from collections.abc import Sequence

import tensorflow as tf
import tensorflow_text as tf_text

from distill_tf.errors import DistillError
from distill_tf.text.basic_splitter import split_basic_words
from distill_tf.text.character_classes import COMMON_CJK
from distill_tf.text.normalization import clean
from distill_tf.text.normalization import lower_and_strip_accents
from distill_tf.text.string_tensors import word_lists
from distill_tf.text.vocabulary import UNK
from distill_tf.text.vocabulary import Vocabulary

_MAX_CHARACTERS_PER_WORD = 100
_MAX_BYTES_PER_WORD = 4 * _MAX_CHARACTERS_PER_WORD
# Longer than the tokenizer takes, hence unknown whatever the vocabulary holds.
_UNKNOWN_WORD = "x" * (_MAX_BYTES_PER_WORD + 1)

_ASCII_SPLITS = r"\x00-\x2F\x3A-\x40\x5B-\x60\x7B-\x7F"
_COMMON_PUNCTUATION = r"\x{2010}-\x{2027}\x{3001}-\x{3003}\x{FF01}\x{FF0C}\x{FF1F}"
_MAYBE_LONG_WORD = (
    rf"(?s).*[^{_ASCII_SPLITS}{COMMON_CJK}{_COMMON_PUNCTUATION}]"
    rf"{{{_MAX_CHARACTERS_PER_WORD + 1}}}.*"
)


class WordPieceTokenizer(tf.Module):
    """Splits texts into WordPiece ids as `tokenizers.BertWordPieceTokenizer` does.

    The words are cleaned and normalised as in `normalization`, split at white space,
    around punctuation and around CJK ideographs, and matched greedily, longest piece
    first (Song et al., "Fast WordPiece Tokenization", EMNLP 2021). All of it is
    TensorFlow and TensorFlow Text operations, so the tokenizer works in `tf.data`,
    in a `tf.function` and inside a SavedModel under TF Serving.

    Where this deliberately differs from the Hugging Face tokenizer:

    - A special token written in a text is text: "[SEP]" becomes "[", "sep", "]", as
      in google-research/bert. No input can forge a segment boundary.
    - Characters younger than Hugging Face's Unicode tables get the class that the
      current standard gives them: marks are stripped, punctuation splits. The extended
      ideographs U+2B820 to U+2B91F split as google-research/bert has them. Letters
      younger than TensorFlow's Unicode tables are not lower-cased.
    - Bytes that are not UTF-8 are dropped, as U+FFFD is, instead of being an error.

    A word of more than 100 characters after normalisation is `[UNK]`, Hugging Face's
    limit; that of google-research/bert is 200.

    Attributes:
        vocabulary: The vocabulary the ids refer to.
        do_lower_case: Whether texts are lower-cased and stripped of accents.
        segments_in_python: False: `segment` does nothing.
    """

    segments_in_python = False

    def __init__(self, vocabulary: Vocabulary, do_lower_case: bool):
        """Compiles the vocabulary.

        Args:
            vocabulary: The tokens; pieces inside a word start with "##".
            do_lower_case: True for uncased checkpoints.

        Raises:
            DistillError: If no token of the vocabulary can match a word.
        """
        super().__init__()
        self.vocabulary = vocabulary
        self.do_lower_case = do_lower_case
        try:
            self._pieces = tf_text.FastWordpieceTokenizer(
                _without_white_space(vocabulary.tokens),
                token_out_type=tf.int32,
                unknown_token=UNK,
                max_bytes_per_word=_MAX_BYTES_PER_WORD,
            )
        except RuntimeError as error:
            raise DistillError(
                f"The vocabulary's {len(vocabulary)} tokens could not be compiled "
                f"({error}): give the vocab.txt of a BERT checkpoint."
            ) from error

    def __call__(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Tokenizes a batch of texts.

        Args:
            texts: [n] tf.string, UTF-8.

        Returns:
            [n, (tokens)] int32 token ids, without special tokens.
        """
        texts = clean(texts)
        if self.do_lower_case:
            texts = lower_and_strip_accents(texts)
        return self._pieces.tokenize(_mark_long_words(texts))

    def segment(self, texts: Sequence[str]) -> Sequence[str]:
        """The texts as they are: all of the work is done in the graph."""
        return texts

    def split_words(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text; an unknown word is `[UNK]`."""
        pieces = tf.constant(self.vocabulary.tokens)
        return word_lists(lambda part: tf.gather(pieces, self(part)), texts)


def _without_white_space(tokens: tuple[str, ...]) -> list[str]:
    """Replaces tokens that hold white space, such as U+2028, by ones that never match.

    Words hold none, so nothing should match them; TensorFlow Text would. It skips
    tokens that mix letters and punctuation, for which words are split.
    """
    return [
        f"[unmatched{token_id}]" if any(map(str.isspace, token)) else token
        for token_id, token in enumerate(tokens)
    ]


def _mark_long_words(texts: tf.Tensor) -> tf.Tensor:
    """Replaces each word of too many characters by one that is surely unknown.

    TensorFlow Text limits a word's bytes, which is another limit for each script. To
    count characters takes the words one by one, so a cheap expression that misses no
    long word picks the rows. An expression that counts them itself, with all Unicode
    classes in it, outgrows RE2's memory.
    """
    rows = tf.where(tf.strings.regex_full_match(texts, _MAYBE_LONG_WORD))
    words = split_basic_words(tf.gather_nd(texts, rows))
    lengths = tf.strings.length(words.values, unit="UTF8_CHAR")
    is_long = lengths > _MAX_CHARACTERS_PER_WORD
    words = words.with_values(tf.where(is_long, _UNKNOWN_WORD, words.values))
    marked = tf.strings.reduce_join(words, axis=-1, separator=" ")
    return tf.tensor_scatter_nd_update(texts, rows, marked)
