"""The vocabulary of a BERT model: a token's line number is its id."""

import os
from collections.abc import Iterable

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary_file import index_lines
from distill_tf.text.vocabulary_file import read_lines
from distill_tf.text.vocabulary_file import write_lines

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
        self._ids = index_lines(self.tokens, source)
        missing = [token for token in _REQUIRED if token not in self._ids]
        if missing:
            raise DistillError(
                f"{source} lacks the special tokens {', '.join(missing)} among its "
                f"{len(self)} tokens: give the vocab.txt of a BERT checkpoint."
            )
        self.pad_id = self._ids[PAD]
        self.unk_id = self._ids[UNK]
        self.cls_id = self._ids[CLS]
        self.sep_id = self._ids[SEP]
        self.mask_id = self._ids.get(MASK)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Vocabulary":
        """Reads a `vocab.txt`: UTF-8, one token a line.

        Raises:
            DistillError: If the file is missing, is not UTF-8 or breaks a rule of
                `Vocabulary`.
        """
        tokens = read_lines(path, "give the vocab.txt that belongs to the checkpoint")
        return cls(tokens, source=str(path))

    def save(self, path: str | os.PathLike) -> None:
        """Writes the tokens as `load` reads them, replacing the file whole."""
        write_lines(path, self.tokens)

    def id_of(self, token: str) -> int:
        """Returns the token's id, or `unk_id` for one that is not in here."""
        return self._ids.get(token, self.unk_id)

    def __contains__(self, token: str) -> bool:
        return token in self._ids

    def __len__(self) -> int:
        return len(self.tokens)
