"""Parts of a tokenizer.json, version 1.0 of the tokenizers library."""

from typing import Any

from distill_tf.text import Vocabulary

_MAX_CHARACTERS_PER_WORD = 100


def truncation(max_length: int) -> dict[str, Any]:
    """Cuts at the end, of a pair the longer text first."""
    return {
        "direction": "Right",
        "max_length": max_length,
        "strategy": "LongestFirst",
        "stride": 0,
    }


def padding(pad_id: int, pad_token: str) -> dict[str, Any]:
    """Pads to the longest of a batch."""
    return {
        "strategy": "BatchLongest",
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": pad_id,
        "pad_type_id": 0,
        "pad_token": pad_token,
    }


def bert_normalizer(do_lower_case: bool, splits_ideographs: bool) -> dict[str, Any]:
    """Drops what is invisible; lower-cases and strips accents if so asked."""
    return {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": splits_ideographs,
        "strip_accents": None,
        "lowercase": do_lower_case,
    }


def word_piece_model(vocabulary: Vocabulary) -> dict[str, Any]:
    """Greedy pieces of words, longest first."""
    return {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": _MAX_CHARACTERS_PER_WORD,
        "vocab": {token: i for i, token in enumerate(vocabulary.tokens)},
    }
