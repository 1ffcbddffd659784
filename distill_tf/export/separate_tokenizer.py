"""The tokenizer.json of a model that reads each text by itself."""

from typing import Any

from distill_tf.export.tokenizer_parts import bert_normalizer
from distill_tf.export.tokenizer_parts import padding
from distill_tf.export.tokenizer_parts import truncation
from distill_tf.export.tokenizer_parts import word_piece_model
from distill_tf.text import SeparateEncoder
from distill_tf.text import WordVocabulary

_AT_WHITE_SPACE = {
    "type": "Split",
    "pattern": {"Regex": r"[\t\n\r\p{Z}]+"},
    "behavior": "Removed",
    "invert": False,
}


def separate_tokenizer_json(encoder: SeparateEncoder) -> dict[str, Any]:
    """The content of a tokenizer.json that gives the encoder's token ids.

    No token is special, so none can be forged by a text, and a text without any token
    gives an empty row, where the encoder has one unknown token. What the encoder's
    `pair_layout` adds to rows is not in it, and the text that may have more tokens is
    the one it truncates for. Words that jieba found have to be separated by spaces
    before.
    """
    vocabulary, settings = encoder.vocabulary, encoder.settings
    splits_at_white_space = settings.tokenizer in ("whitespace", "jieba")
    is_word_piece = settings.tokenizer == "wordpiece"
    return {
        "version": "1.0",
        "truncation": truncation(max(settings.max_tokens)),
        "padding": padding(vocabulary.pad_id, vocabulary.tokens[vocabulary.pad_id]),
        "added_tokens": [],
        "normalizer": bert_normalizer(
            settings.do_lower_case, splits_ideographs=not splits_at_white_space
        ),
        "pre_tokenizer": (
            _AT_WHITE_SPACE if splits_at_white_space else {"type": "BertPreTokenizer"}
        ),
        "post_processor": None,
        "decoder": None,
        "model": (
            word_piece_model(vocabulary) if is_word_piece else _word_model(vocabulary)
        ),
    }


def _word_model(vocabulary: WordVocabulary) -> dict[str, Any]:
    """Whole words; the one for padding is none, as in `WordTokenizer`."""
    ids = {word: word_id for word_id, word in enumerate(vocabulary.tokens)}
    del ids[vocabulary.tokens[vocabulary.pad_id]]
    return {
        "type": "WordLevel",
        "vocab": ids,
        "unk_token": vocabulary.tokens[vocabulary.unk_id],
    }
