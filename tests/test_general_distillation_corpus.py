"""Reading text of any amount: what a document is, what is refused."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from distill_tf.errors import DistillError
from distill_tf.general_distillation import corpus
from distill_tf.general_distillation.corpus import CorpusReader
from distill_tf.general_distillation.corpus import find_files

PACK = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def documents(*files: Path, **options) -> list[list[str]]:
    return [d for chunk in CorpusReader(files, **options).chunks() for d in chunk]


def test_a_document_ends_at_a_blank_line_and_at_the_end_of_a_file(tmp_path):
    one = write(tmp_path / "one", "\ufeffa b\r\n c \n\n \n\nd\u2028e")
    two = write(tmp_path / "two", "f<br /><br />g\n")
    assert documents(one, two) == [["a b", "c"], ["d\u2028e"], ["f  g"]]


@pytest.mark.parametrize("suffix", PACK)
def test_compressed_files_are_read_as_they_are(tmp_path, suffix):
    path = write(tmp_path / f"text{suffix}", PACK[suffix](b"a\nb\n"))
    assert documents(path) == [["a", "b"]]


def test_files_and_folders_in_an_order_of_their_own(tmp_path):
    for name in ("b/2", "b/10", "a/1", "b/.hidden", ".git/config"):
        write(tmp_path / "folder" / name, "x")
    single = write(tmp_path / "z.txt", "x")
    found = find_files(f"{single}, {tmp_path / 'folder'}")
    names = [str(path.relative_to(tmp_path)) for path in found]
    assert names == ["z.txt", "folder/a/1", "folder/b/10", "folder/b/2"]


def test_of_the_reviews_only_those_without_a_label_are_taken(tmp_path):
    for name in ("train/unsup/0_0.txt", "train/pos/1_9.txt", "test/neg/2_1.txt"):
        write(tmp_path / name, "x")
    assert find_files(str(tmp_path)) == (tmp_path / "train/unsup/0_0.txt",)


def test_no_more_documents_than_wanted_are_read(tmp_path):
    first = write(tmp_path / "1", "a\nb\n\nc")
    second = write(tmp_path / "2", "d")
    reader = CorpusReader((first, second), max_documents=2)
    assert list(reader.chunks()) == [[["a", "b"], ["c"]]]
    assert reader.documents == 2


def test_a_chunk_holds_no_more_than_it_should(tmp_path, monkeypatch):
    """Whatever the corpus holds: long documents go on in the next chunk."""
    monkeypatch.setattr(corpus, "_CHARACTERS_A_CHUNK", 200)
    path = write(tmp_path / "text", "".join(f"line {i:04}\n" for i in range(1000)))
    reader = CorpusReader((path,))
    sizes, lines = [], []
    for chunk in reader.chunks():
        lines += [line for document in chunk for line in document]
        sizes.append(sum(len(line) for document in chunk for line in document))
        # The file is read as far as the chunk goes, not further.
        assert reader.lines == len(lines)
    assert lines == [f"line {i:04}" for i in range(1000)]
    assert max(sizes) < 200 + len("line 0000")
    assert reader.documents == 1


def test_a_line_without_end_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "_LONGEST_LINE", 4)
    path = write(tmp_path / "text", "abcdefghij\nk\n\nabcd\nl\n")
    reader = CorpusReader((path,))
    assert list(reader.chunks()) == [[["abcd", "efgh", "ij", "k"], ["abcd", "l"]]]
    assert reader.lines == 5


def test_bytes_that_are_no_text_are_left_out_and_counted(tmp_path):
    path = write(tmp_path / "text", b"fine\nb\xfcse \xe4\nfine\n\xff\n")
    reader = CorpusReader((path,))
    assert list(reader.chunks()) == [[["fine", "bse", "fine"]]]
    assert (reader.damaged_lines, reader.first_damage) == (2, f"{path}:2")


def test_another_encoding_is_refused(tmp_path):
    path = write(tmp_path / "text", "gut\n" + "schön\n" * 101)
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    with pytest.raises(DistillError, match=rf"101 of the first 102 .*{path}:2\); save"):
        documents(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.gz", b"plain", "cannot be read .Not a gzipped file"),
        ("text.gz", gzip.compress(b"abc" * 99)[:-20], "cannot be read .Compressed"),
        ("text.xz", lzma.compress(b"abc" * 99)[:30], "cannot be read .Compressed"),
        ("text.xz", b"plain", "cannot be read .Input format not"),
    ],
    # Packed bytes hold the time, which must not become part of a test's name.
    ids=["gz_that_is_none", "gz_cut_short", "xz_cut_short", "xz_that_is_none"],
)
def test_a_broken_file_is_named(tmp_path, name, content, message):
    path = write(tmp_path / name, content)
    with pytest.raises(DistillError, match=f"{path} {message}"):
        documents(path)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "there is no text"),
        (" , ", "there is no text"),
        ("{}/none", "none, which does not exist"),
        ("{}/empty", "empty, which holds no files"),
        ("{}/aclImdb.tar.xz", "is an archive"),
    ],
)
def test_a_corpus_that_is_not_there(tmp_path, spec, message):
    (tmp_path / "empty").mkdir()
    write(tmp_path / "aclImdb.tar.xz", b"")
    with pytest.raises(DistillError, match=message):
        find_files(spec.format(tmp_path))
