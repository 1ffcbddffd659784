"""What a Hugging Face folder says of how its model reads text."""

from pathlib import Path

from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.errors import DistillError

# Settings that change tokens, with the one value that is BERT's.
_SUPPORTED = {
    "tokenize_chinese_chars": True,
    "do_basic_tokenize": True,
    "never_split": None,
}


def read_lower_case(folder: Path) -> bool | None:
    """`do_lower_case` of tokenizer_config.json; None where nothing says so.

    Raises:
        DistillError: the file asks for other tokens than BERT's.
    """
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return None
    values = read_json_object(path)
    lower_case = values.get("do_lower_case")
    # Unless told otherwise, BERT lower-cases, and strips accents where it does.
    strips = lower_case is not False
    supported = {**_SUPPORTED, "strip_accents": strips}
    for key, value in supported.items():
        found = values.get(key)
        if found not in (None, value):
            raise DistillError(
                f"{key} in {path} must be {value!r}, but is {found!r}; only models "
                "that read text as the original BERT does can be loaded."
            )
    return lower_case
