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
LAYOUTS = ("bert", "separate", "bipartite", "towers")
# Of these, each text of a pair has a maximum of its own.
SIDED_LAYOUTS = ("bipartite", "towers")

_SPECIALS_A_TOWER = 2  # [CLS] and [SEP].
_SPECIALS_A_PAIR = 3  # [CLS] and a [SEP] after each text.


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
            tokens. "bipartite" and "towers": a pair in one row, and in one row a
            text, with padding inside; see `distill_tf.text.pair_layout`.
        max_seq_length_query: in these last two, the most tokens of a tower's row of
            the first text, `[CLS]` and `[SEP]` included; otherwise 0.
        max_seq_length_doc: that of the second text.
        pads_to_max: whether batches are padded to the maximum, not to their longest.
    """

    do_lower_case: bool
    max_seq_length: int
    tokenizer: str = "wordpiece"
    layout: str = "bert"
    max_seq_length_query: int = 0
    max_seq_length_doc: int = 0
    pads_to_max: bool = False

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
        if self.layout != "separate" and self.tokenizer != "wordpiece":
            raise ValueError(
                f"layout {self.layout} needs the tokenizer wordpiece but has "
                f"{self.tokenizer}"
            )
        sides = (self.max_seq_length_query, self.max_seq_length_doc)
        if self.layout not in SIDED_LAYOUTS:
            if any(sides):
                raise ValueError(f"layout {self.layout} has no maximum a side")
        elif min(sides) <= _SPECIALS_A_TOWER:
            raise ValueError(
                f"layout {self.layout} needs max_seq_length_query and "
                f"max_seq_length_doc of at least {_SPECIALS_A_TOWER + 1}, but they are "
                f"{sides[0]} and {sides[1]}"
            )
        elif self.max_seq_length != sum(self.max_tokens) + _SPECIALS_A_PAIR:
            raise ValueError(
                f"max_seq_length must be that of both texts in one row, "
                f"{sum(self.max_tokens) + _SPECIALS_A_PAIR}, but is "
                f"{self.max_seq_length}"
            )

    @classmethod
    def of_pairs(
        cls,
        layout: str,
        do_lower_case: bool,
        max_seq_lengths: tuple[int, int],
        pads_to_max: bool = False,
    ) -> "TextSettings":
        """Settings of "bipartite" or "towers".

        Args:
            layout: one of the two.
            do_lower_case: Whether texts are lower-cased and stripped of accents.
            max_seq_lengths: the most tokens of either text with `[CLS]` and `[SEP]`.
            pads_to_max: Whether batches are padded to the maximum.

        Raises:
            DistillError: If a length leaves no room for a token.
        """
        if min(max_seq_lengths) <= _SPECIALS_A_TOWER:
            raise DistillError(
                "max_seq_length_query and max_seq_length_doc must be at least "
                f"{_SPECIALS_A_TOWER + 1}, for [CLS], a token and [SEP], but are "
                f"{max_seq_lengths[0]} and {max_seq_lengths[1]}: raise them."
            )
        query, doc = max_seq_lengths
        return cls(
            do_lower_case,
            query + doc - 2 * _SPECIALS_A_TOWER + _SPECIALS_A_PAIR,
            layout=layout,
            max_seq_length_query=query,
            max_seq_length_doc=doc,
            pads_to_max=pads_to_max,
        )

    @property
    def row_lengths(self) -> tuple[int, ...]:
        """The most tokens of a row, special ones included; of two towers, of both."""
        if self.layout == "towers":
            return self.max_seq_length_query, self.max_seq_length_doc
        return (self.max_seq_length,)

    @property
    def max_tokens(self) -> tuple[int, int]:
        """The most tokens of the first and of the second text, where each has a row.

        Special tokens are not counted.
        """
        if self.layout not in SIDED_LAYOUTS:
            return self.max_seq_length, self.max_seq_length
        return (
            self.max_seq_length_query - _SPECIALS_A_TOWER,
            self.max_seq_length_doc - _SPECIALS_A_TOWER,
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


def split_max_seq_length(max_seq_length: int) -> tuple[int, int]:
    """The lengths of two towers whose pair fits into one row of that length.

    Both get half of the room, as in VIRT: 259 gives 130 and 130, of 128 tokens each
    with `[CLS]` and `[SEP]`.
    """
    length = (max_seq_length - _SPECIALS_A_PAIR) // 2 + _SPECIALS_A_TOWER
    return length, length
