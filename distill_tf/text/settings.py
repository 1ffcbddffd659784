"""How a model's texts are encoded: the description stored beside the model."""

import json
import os
from dataclasses import MISSING
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

TOKENIZERS = ("wordpiece", "whitespace", "basic", "jieba")
LAYOUTS = ("bert", "separate")


@dataclass(frozen=True)
class TextSettings:
    """Everything but the vocabulary that turns texts into a model's inputs.

    A field added later needs a default, so that older files still load.

    Attributes:
        do_lower_case: Whether texts are lower-cased and stripped of accents.
        max_seq_length: The most tokens a row may have, special tokens included.
        tokenizer: What a token is. "wordpiece": a piece of a word. "whitespace": what
            stands between white space. "basic": a word, a punctuation mark or an
            ideograph. "jieba": a Chinese word.
        layout: "bert": a row is `[CLS] a [SEP]` or `[CLS] a [SEP] b [SEP]`, of
            WordPieces. "separate": each text is a row of its own, without special
            tokens.
    """

    do_lower_case: bool
    max_seq_length: int
    tokenizer: str = "wordpiece"
    layout: str = "bert"

    def __post_init__(self):
        if self.tokenizer not in TOKENIZERS:
            raise ValueError(
                f"tokenizer must be one of {', '.join(TOKENIZERS)} but is "
                f"{self.tokenizer!r}"
            )
        if self.layout not in LAYOUTS:
            raise ValueError(
                f"layout must be one of {', '.join(LAYOUTS)} but is {self.layout!r}"
            )
        if self.layout == "bert" and self.tokenizer != "wordpiece":
            raise ValueError(
                f"layout bert needs the tokenizer wordpiece but has {self.tokenizer}"
            )

    @classmethod
    def load(cls, path: str | os.PathLike) -> "TextSettings":
        """Reads what `save` wrote.

        Raises:
            DistillError: If the file is missing, is not a JSON object, or has other
                keys, types or values than the fields.
        """
        try:
            values = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise DistillError(
                f"The text settings {path} could not be read ({error.strerror}): give "
                "a folder that holds a trained model."
            ) from error
        except ValueError as error:
            raise DistillError(
                f"{path}: expected JSON but found something else ({error}): restore "
                "the file."
            ) from error
        types = {field.name: field.type for field in fields(cls)}
        required = {field.name for field in fields(cls) if field.default is MISSING}
        if not _fits(values, types, required):
            expected = ", ".join(
                f"{key} ({kind.__name__})" for key, kind in types.items()
            )
            raise DistillError(
                f"{path}: expected an object of {expected} but found "
                f"{json.dumps(values)}: restore the file."
            )
        try:
            return cls(**values)
        except ValueError as error:
            raise DistillError(f"{path}: {error}: restore the file.") from error

    def save(self, path: str | os.PathLike) -> None:
        """Writes the settings as JSON, replacing the file whole."""
        write_json_atomically(path, asdict(self))


def _fits(values: object, types: dict[str, type], required: set[str]) -> bool:
    if not isinstance(values, dict):
        return False
    found = {key: type(value) for key, value in values.items()}
    return required <= found.keys() and found.items() <= types.items()
