"""What a tokenized corpus was made of, to know it again."""

import hashlib
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from distill_tf.general_distillation.packing import Packer
from distill_tf.text import TextEncoder


@dataclass(frozen=True, kw_only=True)
class CorpusSettings:
    """What decides the rows of a tokenized corpus.

    Attributes:
        files: how many files it has.
        size_bytes: how large they are together.
        files_digest: of their names and sizes.
        vocabulary_digest: of the tokens, in order.
        do_lower_case: whether the text is lower-cased.
        max_documents: how many documents are read; 0 for all.
        max_seq_length: see `Packer`, as for the other two.
        pair_probability: share of pairs.
        short_seq_probability: share of shorter sequences.
    """

    files: int
    size_bytes: int
    files_digest: str
    vocabulary_digest: str
    do_lower_case: bool
    max_documents: int
    max_seq_length: int
    pair_probability: float
    short_seq_probability: float

    @classmethod
    def of(
        cls,
        files: Sequence[Path],
        encoder: TextEncoder,
        packer: Packer,
        max_documents: int,
    ) -> "CorpusSettings":
        """Looks at the files' sizes, and at nothing inside them."""
        sizes = [file.stat().st_size for file in files]
        names = (
            f"{file.name}\t{size}" for file, size in zip(files, sizes, strict=True)
        )
        return cls(
            files=len(files),
            size_bytes=sum(sizes),
            files_digest=_digest(names),
            vocabulary_digest=_digest(encoder.vocabulary.tokens),
            do_lower_case=encoder.settings.do_lower_case,
            max_documents=max_documents,
            max_seq_length=packer.max_seq_length,
            pair_probability=packer.pair_probability,
            short_seq_probability=packer.short_seq_probability,
        )


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
