"""The vocabulary of a BERT model: a token's line number is its id."""

import os
from collections.abc import Iterable
from pathlib import Path

from distill_tf.errors import DistillError
from distill_tf.files import write_text_atomically

PAD = "[PAD]"
UNK = "[UNK]"
CLS = "[CLS]"
SEP = "[SEP]"
MASK = "[MASK]"
_REQUIRED = (PAD, UNK, CLS, SEP)


class Vocabulary:
    """An immutable list of distinct tokens, among them BERT's special ones.

    The special tokens may stand anywhere: nothing assumes that `[PAD]` is 0.

    Attributes:
        tokens: All tokens, in the order of their ids.
        pad_id: Id of `[PAD]`.
        unk_id: Id of `[UNK]`.
        cls_id: Id of `[CLS]`.
        sep_id: Id of `[SEP]`.
        mask_id: Id of `[MASK]`, or None for a vocabulary without one.
    """

    def __init__(self, tokens: Iterable[str], *, source: str = "vocabulary"):
        """Checks and indexes the tokens.

        Args:
            tokens: The tokens, in the order of their ids.
            source: What messages call the place the tokens come from.

        Raises:
            DistillError: If a token is empty, spans lines or occurs twice, or if
                `[PAD]`, `[UNK]`, `[CLS]` or `[SEP]` is missing. The message names
                `source` and the token's line, counted from 1.
        """
        self.tokens = tuple(tokens)
        self._ids = _index(self.tokens, source)
        self.pad_id = self._ids[PAD]
        self.unk_id = self._ids[UNK]
        self.cls_id = self._ids[CLS]
        self.sep_id = self._ids[SEP]
        self.mask_id = self._ids.get(MASK)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Vocabulary":
        r"""Reads a `vocab.txt`: UTF-8, one token a line.

        Only `\n` and `\r\n` end a line, since real vocabularies hold tokens such as
        U+2028 which `str.splitlines` would break at. Empty lines at the end are
        ignored.

        Raises:
            DistillError: If the file is missing, is not UTF-8 or breaks a rule of
                `Vocabulary`.
        """
        try:
            text = Path(path).read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise DistillError(
                f"The vocabulary {path} could not be read ({error.strerror}): give "
                "the vocab.txt that belongs to the checkpoint."
            ) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise DistillError(
                f"{path}:{line}: expected UTF-8 but found the byte "
                f"0x{error.object[error.start]:02x}: save the vocabulary as UTF-8."
            ) from error
        tokens = [line.removesuffix("\r") for line in text.split("\n")]
        while tokens and not tokens[-1]:
            tokens.pop()
        return cls(tokens, source=str(path))

    def save(self, path: str | os.PathLike) -> None:
        """Writes the tokens as `load` reads them, replacing the file whole."""
        write_text_atomically(path, "".join(f"{token}\n" for token in self.tokens))

    def id_of(self, token: str) -> int:
        """Returns the token's id, or `unk_id` for one that is not in here."""
        return self._ids.get(token, self.unk_id)

    def __contains__(self, token: str) -> bool:
        return token in self._ids

    def __len__(self) -> int:
        return len(self.tokens)


def _index(tokens: tuple[str, ...], source: str) -> dict[str, int]:
    ids: dict[str, int] = {}
    for token_id, token in enumerate(tokens):
        place = f"{source}:{token_id + 1}"
        if not token or "\n" in token:
            raise DistillError(
                f"{place}: expected one token but found {token!r}: ids are line "
                "numbers, so restore the original file rather than delete the line."
            )
        if token in ids:
            raise DistillError(
                f"{place}: the token {token!r} stands on line {ids[token] + 1} "
                "already: every token must occur once."
            )
        ids[token] = token_id
    missing = [token for token in _REQUIRED if token not in ids]
    if missing:
        raise DistillError(
            f"{source} lacks the special tokens {', '.join(missing)} among its "
            f"{len(tokens)} tokens: give the vocab.txt of a BERT checkpoint."
        )
    return ids
