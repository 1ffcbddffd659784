"""Plain text of any amount, read a part at a time."""

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from distill_tf.errors import DistillError

_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_ARCHIVES = {".tar", ".tgz", ".zip", ".7z", ".rar"}
_UNLABELLED_REVIEWS = Path("train", "unsup")
# As the reviews of IMDB have them; a vocabulary would shatter one into four tokens.
_HTML_LINE_BREAK = "<br />"

# A line of more characters is read in pieces, so that a file without line ends does
# not fill the memory.
_LONGEST_LINE = 1 << 20
# What is in memory at a time.
_CHARACTERS_A_CHUNK = 1 << 20
# Bytes that are not UTF-8 become these when read, which valid UTF-8 never does.
_DAMAGE = re.compile("[\udc80-\udcff]")
# More than a few damaged lines in a hundred mean another encoding, or no text.
_TOLERATED_LINES = 100
_TOLERATED_SHARE = 0.01


def find_files(corpus: str) -> tuple[Path, ...]:
    """The files of a corpus, in an order that is the same everywhere.

    Args:
        corpus: files or folders, separated by commas.

    Raises:
        DistillError: there is none, one does not exist, or one is an archive.
    """
    places = [Path(part.strip()) for part in corpus.split(",") if part.strip()]
    if not places:
        raise DistillError("there is no text to learn from; give --corpus.")
    files = [file for place in places for file in _files_of(place)]
    for file in files:
        if not _ARCHIVES.isdisjoint(file.suffixes):
            raise DistillError(
                f"{file} is an archive of files, but corpus takes text files; extract "
                "it and give the folder."
            )
    return tuple(files)


def _files_of(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise DistillError(
            f"corpus names {place}, which does not exist; correct the path."
        )
    if (place / _UNLABELLED_REVIEWS).is_dir():
        place = place / _UNLABELLED_REVIEWS
    files = [
        path
        for path in sorted(place.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(place).parts)
    ]
    if not files:
        raise DistillError(f"corpus names the folder {place}, which holds no files.")
    return files


class CorpusReader:
    """Reads files once, and counts what it reads.

    A document ends at a blank line and at the end of a file.

    Attributes:
        documents: documents that were begun.
        lines: lines, blank ones included.
        damaged_lines: lines with bytes that are not UTF-8, which are left out.
        first_damage: file and line of the first of them; "" before any.
    """

    def __init__(self, files: Sequence[Path], max_documents: int = 0):
        """Sets the reader up.

        Args:
            files: the corpus.
            max_documents: how many to read; 0 reads all.
        """
        self._files = files
        self._max_documents = max_documents
        self.documents = 0
        self.lines = 0
        self.damaged_lines = 0
        self.first_damage = ""

    def chunks(self) -> Iterator[list[list[str]]]:
        """Yields some documents at a time, each as its lines.

        A document that does not fit goes on in the next chunk.

        Raises:
            DistillError: a file cannot be read, is damaged, or is not UTF-8 text.
        """
        chunk: list[list[str]] = []
        size, in_document = 0, False
        for line in self._lines():
            if not line:
                in_document = False
                continue
            if not in_document:
                if self._max_documents and self.documents == self._max_documents:
                    break
                self.documents += 1
            if not in_document or not chunk:
                chunk.append([])
            in_document = True
            chunk[-1].append(line)
            size += len(line)
            if size >= _CHARACTERS_A_CHUNK:
                self._check_encoding()
                yield chunk
                chunk, size = [], 0
        self._check_encoding()
        if chunk:
            yield chunk

    def _lines(self) -> Iterator[str]:
        """Lines without white space around them; an empty one ends a document."""
        for path in self._files:
            try:
                with _open(path) as file:
                    yield from self._lines_of(file, path)
            except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
                reason = getattr(error, "strerror", None) or error
                raise DistillError(
                    f"{path} cannot be read ({reason}); fetch the file again, or "
                    "leave it out of the corpus."
                ) from error
            yield ""

    def _lines_of(self, file: io.TextIOBase, path: Path) -> Iterator[str]:
        number, ended = 0, True
        while piece := file.readline(_LONGEST_LINE):
            number += ended
            self.lines += ended
            if _DAMAGE.search(piece):
                self.damaged_lines += 1
                self.first_damage = self.first_damage or f"{path}:{number}"
                piece = _DAMAGE.sub("", piece)
            text = piece.replace(_HTML_LINE_BREAK, " ").strip()
            # The rest of a long line may be blank without ending the document.
            if text or ended:
                yield text
            ended = piece.endswith("\n")

    def _check_encoding(self) -> None:
        tolerated = max(_TOLERATED_LINES, _TOLERATED_SHARE * self.lines)
        if self.damaged_lines > tolerated:
            raise DistillError(
                f"corpus should be UTF-8 text, but {self.damaged_lines} of the first "
                f"{self.lines} lines are not (the first is {self.first_damage}); save "
                "the text as UTF-8, or leave out what is no text."
            )


def _open(path: Path) -> io.TextIOWrapper:
    opener = _OPENERS.get(path.suffix, open)
    return opener(path, "rt", encoding="utf-8-sig", errors="surrogateescape")
