"""What a Hugging Face folder says of how its model reads text."""

from collections.abc import Container
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.vocabulary_files import guess_lower_case
from distill_tf.errors import DistillError

# Settings that change tokens, with the one value that is BERT's.
_SUPPORTED = {
    "tokenize_chinese_chars": True,
    "do_basic_tokenize": True,
    "never_split": None,
    # Of Japanese models.
    "word_tokenizer_type": None,
    "subword_tokenizer_type": None,
}
_NORMALIZER = "BertNormalizer"


def read_lower_case(folder: Path, tokens: Container[str] | None) -> bool | None:
    """Whether text is lower-cased; None where nothing says so.

    By `do_lower_case` in tokenizer_config.json, else the normalizer in tokenizer.json,
    else the vocabulary.

    Raises:
        DistillError: one of these asks for other tokens than BERT's.
    """
    path = folder / "tokenizer_config.json"
    values = read_json_object(path) if path.is_file() else {}
    lower_case = values.get("do_lower_case")
    if lower_case is None:
        lower_case = _normalizer_lower_case(folder / "tokenizer.json")
    if lower_case is None and tokens is not None:
        lower_case = guess_lower_case(tokens)
    # Unless told otherwise, BERT lower-cases, and strips accents where it does.
    _refuse_others(
        values, {**_SUPPORTED, "strip_accents": lower_case is not False}, path
    )
    return lower_case


def _normalizer_lower_case(path: Path) -> bool | None:
    normalizer = read_json_object(path).get("normalizer") if path.is_file() else None
    if not isinstance(normalizer, dict):
        return None
    lower_case = normalizer.get("lowercase")
    _refuse_others(
        normalizer,
        {
            "type": _NORMALIZER,
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": lower_case is not False,
        },
        path,
    )
    return lower_case


def _refuse_others(
    values: Mapping[str, Any], supported: Mapping[str, Any], path: Path
) -> None:
    for key, value in supported.items():
        found = values.get(key)
        if found not in (None, value):
            raise DistillError(
                f"{key} in {path} must be {value!r}, but is {found!r}; only models "
                "that read text as the original BERT does can be loaded."
            )
