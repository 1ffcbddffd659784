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


@dataclass(frozen=True)
class TextSettings:
    """Everything but the vocabulary that turns texts into a model's inputs.

    A field added later needs a default, so that older files still load.

    Attributes:
        do_lower_case: Whether texts are lower-cased and stripped of accents.
        max_seq_length: The most tokens a row may have, special tokens included.
    """

    do_lower_case: bool
    max_seq_length: int

    @classmethod
    def load(cls, path: str | os.PathLike) -> "TextSettings":
        """Reads what `save` wrote.

        Raises:
            DistillError: If the file is missing, is not a JSON object, or has other
                keys or types than the fields.
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
        return cls(**values)

    def save(self, path: str | os.PathLike) -> None:
        """Writes the settings as JSON, replacing the file whole."""
        write_json_atomically(path, asdict(self))


def _fits(values: object, types: dict[str, type], required: set[str]) -> bool:
    if not isinstance(values, dict):
        return False
    found = {key: type(value) for key, value in values.items()}
    return required <= found.keys() and found.items() <= types.items()
