"""The files of a document index: where they may be put, and what is in them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import ml_dtypes  # noqa: F401  # Makes bfloat16 known to NumPy.
import numpy as np

from distill_tf.errors import DistillError
from distill_tf.files import refuse_other_files

DESCRIPTION = "index.json"
VECTORS = "vectors.npy"
OFFSETS = "offsets.npy"


@dataclass(frozen=True)
class IndexFiles:
    """What is kept of documents.

    Attributes:
        fingerprint: of the model that encoded them.
        vectors: [rows, width], mapped into memory.
        starts: [n] the first row of each document.
        ends: [n] the row after its last.
    """

    fingerprint: str
    vectors: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Reads all but the vectors.

        Raises:
            DistillError: a file is missing, cut, or something else.
        """
        try:
            description = json.loads((folder / DESCRIPTION).read_text("utf-8"))
            vectors = np.load(folder / VECTORS, mmap_mode="r")
            starts, ends = np.load(folder / OFFSETS)
            files = cls(
                description["fingerprint"],
                vectors.view(description["dtype"]),
                starts,
                ends,
            )
            if files.ends.max() > len(files.vectors):
                raise ValueError(f"{VECTORS} ends before the last document does")
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise DistillError(
                f"{folder} should be a document index, but cannot be read "
                f"({type(error).__name__}: {error}); build it with "
                "build_document_index."
            ) from error
        return files


def check_free(folder: Path) -> None:
    """DistillError if an index in the folder's place would lose something else."""
    if folder.exists() and not folder.is_dir():
        raise DistillError(
            f"{folder} should be a folder, but is a file; choose another folder."
        )
    names = {path.name for path in folder.glob("*")}
    others = names - {DESCRIPTION, VECTORS, OFFSETS}
    # Arrays without a description may be anybody's.
    if DESCRIPTION not in names:
        others = names
    refuse_other_files(folder, others, "one of a document index", option="folder")
