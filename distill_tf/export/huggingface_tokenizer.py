"""The files from which transformers and tokenizers make a BERT tokenizer."""

from pathlib import Path
from typing import Any

from distill_tf.export.tokenizer_parts import bert_normalizer
from distill_tf.export.tokenizer_parts import padding
from distill_tf.export.tokenizer_parts import truncation
from distill_tf.export.tokenizer_parts import word_piece_model
from distill_tf.files import write_json_atomically
from distill_tf.text import TextEncoder
from distill_tf.text import Vocabulary


def write_huggingface_tokenizer(encoder: TextEncoder, folder: Path) -> None:
    """Writes vocab.txt, tokenizer.json, tokenizer_config.json, special_tokens_map.json.

    The same token ids as `encoder`'s, with `truncation=True`. Two differences are
    beyond the files: of a pair whose texts are both cut, tokenizers gives the odd token
    to the longer text, and to the second of equally long ones, google-research/bert to
    the first; and see `WordPieceTokenizer` for characters younger than Hugging Face's
    tables.
    """
    vocabulary, settings = encoder.vocabulary, encoder.settings
    special = _special_tokens(vocabulary)
    encoder.vocabulary.save(folder / "vocab.txt")
    write_json_atomically(
        folder / "tokenizer.json",
        tokenizer_json(vocabulary, settings.do_lower_case, settings.max_seq_length),
    )
    write_json_atomically(folder / "special_tokens_map.json", special)
    write_json_atomically(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": settings.do_lower_case,
            "strip_accents": None,
            "tokenize_chinese_chars": True,
            "model_max_length": settings.max_seq_length,
            # A special token that stands in a text is text, as in our tokenizer.
            "split_special_tokens": True,
            "clean_up_tokenization_spaces": True,
            # Without the null transformers would add a [MASK] to the vocabulary.
            **{"mask_token": None, **special},
        },
    )


def tokenizer_json(
    vocabulary: Vocabulary, do_lower_case: bool, max_seq_length: int
) -> dict[str, Any]:
    """The content of a tokenizer.json, version 1.0 of the tokenizers library.

    It truncates and pads to the longest of a batch by itself where transformers does
    not say otherwise.
    """
    cls, sep = ({"SpecialToken": {"id": name}} for name in ("[CLS]", "[SEP]"))
    first, second = ({"Sequence": {"id": name}} for name in ("A", "B"))
    return {
        "version": "1.0",
        "truncation": truncation(max_seq_length),
        "padding": padding(vocabulary.pad_id, "[PAD]"),
        "added_tokens": _added_tokens(vocabulary),
        "normalizer": bert_normalizer(do_lower_case, splits_ideographs=True),
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": _typed((cls, first, sep), (0, 0, 0)),
            "pair": _typed((cls, first, sep, second, sep), (0, 0, 0, 1, 1)),
            "special_tokens": {
                name: {"id": name, "ids": [vocabulary.id_of(name)], "tokens": [name]}
                for name in ("[CLS]", "[SEP]")
            },
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": word_piece_model(vocabulary),
    }


def _special_tokens(vocabulary: Vocabulary) -> dict[str, str]:
    names = ("unk", "sep", "pad", "cls", "mask")
    tokens = {f"{name}_token": f"[{name.upper()}]" for name in names}
    return {role: token for role, token in tokens.items() if token in vocabulary}


def _added_tokens(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    ids = sorted(map(vocabulary.id_of, _special_tokens(vocabulary).values()))
    return [
        {
            "id": token_id,
            "content": vocabulary.tokens[token_id],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for token_id in ids
    ]


def _typed(
    pieces: tuple[dict[str, dict], ...], type_ids: tuple[int, ...]
) -> list[dict[str, dict]]:
    return [
        {kind: {**piece, "type_id": type_id}}
        for each, type_id in zip(pieces, type_ids, strict=True)
        for kind, piece in each.items()
    ]
