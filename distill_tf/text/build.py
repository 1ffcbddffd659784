"""From text settings to the objects they describe."""

import os

from distill_tf.text.basic_splitter import BasicSplitter
from distill_tf.text.encoder import TextEncoder
from distill_tf.text.jieba_splitter import JiebaSplitter
from distill_tf.text.separate_encoder import SeparateEncoder
from distill_tf.text.settings import TextSettings
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.word_splitter import WordSplitter
from distill_tf.text.word_tokenizer import WordTokenizer
from distill_tf.text.word_vocabulary import WordVocabulary
from distill_tf.text.wordpiece import WordPieceTokenizer

Encoder = TextEncoder | SeparateEncoder

_SPLITTERS = {
    "whitespace": WordSplitter,
    "basic": BasicSplitter,
    "jieba": JiebaSplitter,
}


def build_encoder(
    vocabulary: Vocabulary | WordVocabulary, settings: TextSettings
) -> Encoder:
    """Builds the encoder, tokenizer included, that `settings` describes.

    Args:
        vocabulary: A `Vocabulary` for WordPieces, otherwise a `WordVocabulary`.
        settings: The tokenizer, the layout and their limits.

    Raises:
        DistillError: If `max_seq_length` leaves no room for a token, or no token of the
            vocabulary can match a word.
    """
    if settings.layout == "bert":
        return TextEncoder.from_settings(vocabulary, settings)
    if settings.tokenizer == "wordpiece":
        tokenizer = WordPieceTokenizer(vocabulary, settings.do_lower_case)
    else:
        splitter = build_splitter(settings.tokenizer, settings.do_lower_case)
        tokenizer = WordTokenizer(vocabulary, splitter)
    return SeparateEncoder(tokenizer, settings)


def build_splitter(tokenizer: str, do_lower_case: bool) -> WordSplitter:
    """Builds what finds words without a vocabulary, to count one for instance.

    Args:
        tokenizer: "whitespace", "basic" or "jieba".
        do_lower_case: Whether texts are lower-cased and stripped of accents.

    Raises:
        ValueError: For another tokenizer: only a vocabulary makes pieces of words.
    """
    if tokenizer not in _SPLITTERS:
        raise ValueError(
            f"tokenizer must be one of {', '.join(_SPLITTERS)} but is {tokenizer!r}."
        )
    return _SPLITTERS[tokenizer](do_lower_case)


def load_vocabulary(
    path: str | os.PathLike, settings: TextSettings
) -> Vocabulary | WordVocabulary:
    """Reads the vocabulary file of a model with these settings.

    Raises:
        DistillError: If the file is missing or is not such a vocabulary.
    """
    kind = Vocabulary if settings.tokenizer == "wordpiece" else WordVocabulary
    return kind.load(path)
