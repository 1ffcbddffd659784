"""The vocabulary of a model that reads words: a word's line number is its id."""

import os
from collections.abc import Iterable

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary_file import index_lines
from distill_tf.text.vocabulary_file import read_lines
from distill_tf.text.vocabulary_file import write_lines

PAD_WORD = "<pad>"
UNK_WORD = "<unk>"
_PAD_NAMES = (PAD_WORD, "<PAD>", "[PAD]")
_UNK_NAMES = (UNK_WORD, "<UNK>", "[UNK]")


class WordVocabulary:
    """An immutable list of distinct words, with one for padding and one for the rest.

    These two may stand anywhere and be written `<pad>` and `<unk>`, in capitals too,
    or `[PAD]` and `[UNK]`. Of several such names the first in the list counts.

    Attributes:
        tokens: All words, in the order of their ids.
        pad_id: Id of the word that fills rows up.
        unk_id: Id of the word that stands for all that are not in here.
    """

    def __init__(self, words: Iterable[str], *, source: str = "vocabulary"):
        """Checks and indexes the words.

        Args:
            words: The words, in the order of their ids.
            source: What messages call the place the words come from.

        Raises:
            DistillError: If a word is empty, spans lines or occurs twice, or if the
                word for padding or for unknown words is missing.
        """
        self.tokens = tuple(words)
        self._ids = index_lines(self.tokens, source)
        self.pad_id = self._id_of_first(_PAD_NAMES, source)
        self.unk_id = self._id_of_first(_UNK_NAMES, source)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "WordVocabulary":
        """Reads what `save` wrote: UTF-8, one word a line.

        Raises:
            DistillError: If the file is missing, is not UTF-8 or breaks a rule of
                `WordVocabulary`.
        """
        words = read_lines(path, "give the vocabulary that belongs to the model")
        return cls(words, source=str(path))

    def save(self, path: str | os.PathLike) -> None:
        """Writes the words as `load` reads them, replacing the file whole."""
        write_lines(path, self.tokens)

    def id_of(self, word: str) -> int:
        """Returns the word's id, or `unk_id` for one that is not in here."""
        return self._ids.get(word, self.unk_id)

    def __contains__(self, word: str) -> bool:
        return word in self._ids

    def __len__(self) -> int:
        return len(self.tokens)

    def _id_of_first(self, names: tuple[str, ...], source: str) -> int:
        ids = [self._ids[name] for name in names if name in self._ids]
        if not ids:
            raise DistillError(
                f"{source} should hold the word {' or '.join(names)} but has it not "
                f"among its {len(self)} words: add it on a line of its own."
            )
        return min(ids)
