"""A corpus as token ids on disk, of which any row can be read at any time."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from absl import logging

from distill_tf.array_files import write_numbers
from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.files import remove_leftovers
from distill_tf.files import write_json_atomically
from distill_tf.general_distillation.corpus import CorpusReader
from distill_tf.general_distillation.corpus_settings import CorpusSettings
from distill_tf.general_distillation.packing import Packer
from distill_tf.text import EncodedTexts
from distill_tf.text import TextEncoder
from distill_tf.text.string_tensors import as_string_tensor

_CONTENT = "corpus.json"
_TOKENS = "token_ids.bin"
_SEGMENTS = "segment_ids.bin"
_LENGTHS = "lengths.bin"
_SECONDS_BETWEEN_REMARKS = 30


@dataclass(frozen=True, kw_only=True)
class CorpusCounts:
    """What was found in a corpus; tokens include the special ones."""

    documents: int
    lines: int
    damaged_lines: int
    sequences: int
    tokens: int


class TokenizedCorpus:
    """A folder with the sequences of a corpus.

    token_ids.bin, segment_ids.bin  all rows end to end
    lengths.bin                     tokens of each row, int32
    corpus.json                     the settings and the counts

    Attributes:
        counts: what was found.
        rows: the sequences. Tokens stay on disk and are read as they are needed.
    """

    def __init__(
        self, folder: Path, counts: CorpusCounts, vocabulary_size: int, pad_id: int
    ):
        self.counts = counts
        lengths = np.fromfile(folder / _LENGTHS, np.int32)
        self.rows = EncodedTexts(
            token_ids=np.memmap(folder / _TOKENS, _token_type(vocabulary_size), "r"),
            segment_ids=np.memmap(folder / _SEGMENTS, np.uint8, "r"),
            row_splits=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            pad_id=pad_id,
            num_truncated=0,
        )

    @classmethod
    def prepare(
        cls,
        folder: Path,
        files: Sequence[Path],
        encoder: TextEncoder,
        packer: Packer,
        max_documents: int = 0,
    ) -> "TokenizedCorpus":
        """Opens the folder; tokenizes the corpus into it first, if it is not there.

        Raises:
            DistillError: the corpus cannot be read or has no text, or the folder holds
                something else.
        """
        settings = CorpusSettings.of(files, encoder, packer, max_documents)
        if (folder / _CONTENT).exists():
            counts = _check(folder, settings)
        elif folder.exists() and any(folder.iterdir()):
            raise DistillError(
                f"{folder} should be a new folder or hold a tokenized corpus, but "
                "holds other files; choose another corpus_dir."
            )
        else:
            reader = CorpusReader(files, max_documents)
            counts = _tokenize(folder, reader, encoder, packer, settings)
            # Of a process that was killed; a living one writes every few seconds.
            remove_leftovers(folder.parent, older_than_seconds=60, of=folder.name)
        vocabulary = encoder.vocabulary
        return cls(folder, counts, len(vocabulary), vocabulary.pad_id)


def _check(folder: Path, settings: CorpusSettings) -> CorpusCounts:
    path = folder / _CONTENT
    try:
        content = json.loads(path.read_text("utf-8"))
        found = CorpusSettings(**content["settings"])
        counts = CorpusCounts(**content["counts"])
        _check_sizes(folder, counts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DistillError(
            f"{folder} should hold a tokenized corpus, but cannot be read ({error}); "
            "remove the folder to tokenize the corpus again."
        ) from error
    for name, value in asdict(settings).items():
        earlier = getattr(found, name)
        if earlier != value:
            raise DistillError(
                f"{folder} holds another tokenized corpus ({name} was {earlier!r} and "
                f"is now {value!r}); choose another corpus_dir, or remove that folder."
            )
    return counts


def _check_sizes(folder: Path, counts: CorpusCounts) -> None:
    """ValueError unless the files are as long as the counts say."""
    token_size = (folder / _TOKENS).stat().st_size
    if (
        token_size not in (2 * counts.tokens, 4 * counts.tokens)
        or (folder / _SEGMENTS).stat().st_size != counts.tokens
        or (folder / _LENGTHS).stat().st_size != 4 * counts.sequences
    ):
        raise ValueError("a file is not as long as it should be")


def _tokenize(
    folder: Path,
    reader: CorpusReader,
    encoder: TextEncoder,
    packer: Packer,
    settings: CorpusSettings,
) -> CorpusCounts:
    sequences = tokens = 0
    remark_at = time.monotonic() + _SECONDS_BETWEEN_REMARKS
    token_type = _token_type(len(encoder.vocabulary))
    with atomic_path(folder) as temporary:
        temporary.mkdir()
        with (
            open(temporary / _TOKENS, "wb") as token_file,
            open(temporary / _SEGMENTS, "wb") as segment_file,
            open(temporary / _LENGTHS, "wb") as length_file,
        ):
            for number, chunk in enumerate(reader.chunks()):
                # A seed of its own a chunk; that of a run only decides the order, so
                # that runs can share the folder.
                packed = packer.pack(
                    _token_ids(chunk, encoder), np.random.default_rng(number)
                )
                write_numbers(token_file, packed.token_ids.astype(token_type))
                write_numbers(segment_file, packed.segment_ids)
                write_numbers(length_file, packed.lengths)
                sequences += len(packed.lengths)
                tokens += len(packed.token_ids)
                if time.monotonic() > remark_at:
                    remark_at += _SECONDS_BETWEEN_REMARKS
                    logging.info(
                        "Tokenizing: %d lines, %d tokens.", reader.lines, tokens
                    )
        if not sequences:
            raise DistillError(
                f"corpus has no text in its {reader.lines} lines; give files with some."
            )
        counts = CorpusCounts(
            documents=reader.documents,
            lines=reader.lines,
            damaged_lines=reader.damaged_lines,
            sequences=sequences,
            tokens=tokens,
        )
        write_json_atomically(
            temporary / _CONTENT,
            {"settings": asdict(settings), "counts": asdict(counts)},
        )
    if reader.damaged_lines:
        logging.warning(
            "Bytes that are not UTF-8 were left out of %d lines; the first is %s.",
            reader.damaged_lines,
            reader.first_damage,
        )
    return counts


def _token_ids(
    documents: list[list[str]], encoder: TextEncoder
) -> list[list[np.ndarray]]:
    """The token ids of each line of each document."""
    lines = [line for document in documents for line in document]
    ragged = encoder.tokenizer(as_string_tensor(lines))
    rows = iter(np.split(ragged.values.numpy(), ragged.row_splits.numpy()[1:-1]))
    return [[next(rows) for _ in document] for document in documents]


def _token_type(vocabulary_size: int) -> type[np.integer]:
    return np.uint16 if vocabulary_size <= 1 << 16 else np.int32
