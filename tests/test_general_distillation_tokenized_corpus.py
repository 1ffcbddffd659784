"""A corpus on disk: rows, counts, memory, and what does not belong to it."""

import tracemalloc

import numpy as np
import pytest
from tiny_bert import TOKENS

from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.general_distillation import corpus as reading
from distill_tf.general_distillation.packing import Packer
from distill_tf.general_distillation.tokenized_corpus import TokenizedCorpus
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import encode_all

LENGTH = 13
UNREADABLE = "should hold a tokenized corpus, but cannot be read"


def make_encoder(tokens=TOKENS):
    settings = TextSettings(do_lower_case=True, max_seq_length=LENGTH)
    return TextEncoder.from_settings(Vocabulary(tokens), settings)


def prepare(folder, *files, length=LENGTH, encoder=None, **options):
    encoder = encoder or make_encoder()
    packer = Packer(encoder.vocabulary, length, 0.5, 0.1)
    return TokenizedCorpus.prepare(folder, files, encoder, packer, **options)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text"
    path.write_text("a b c\nd e\n\nf gab\n", "utf-8")
    return path


def test_rows_are_what_the_encoder_gives(tmp_path, text):
    encoder = make_encoder()
    packer = Packer(encoder.vocabulary, LENGTH, 0.0, 0.0)
    corpus = TokenizedCorpus.prepare(tmp_path / "corpus", (text,), encoder, packer)
    expected = encode_all(encoder, ["a b c d e", "f gab"])
    indices = np.arange(2)
    for name, array in expected.pad(indices, 9).items():
        np.testing.assert_array_equal(corpus.rows.pad(indices, 9)[name], array, name)
    counts = corpus.counts
    assert (counts.documents, counts.lines, counts.sequences) == (2, 4, 2)
    assert counts.tokens == 7 + 6


def test_a_prepared_corpus_is_opened_again(tmp_path, text):
    folder = tmp_path / "corpus"
    first = prepare(folder, text)
    written = (folder / "token_ids.bin").stat().st_mtime_ns
    again = prepare(folder, text)
    assert (folder / "token_ids.bin").stat().st_mtime_ns == written
    assert again.counts == first.counts
    np.testing.assert_array_equal(again.rows.token_ids, first.rows.token_ids)
    np.testing.assert_array_equal(again.rows.row_splits, first.rows.row_splits)


def test_a_large_vocabulary_needs_more_bytes(tmp_path, text):
    fillers = (f"x{i}" for i in range(1 << 16))
    tokens = [*(t for t in TOKENS if t != "##b"), *fillers, "##b"]
    corpus = prepare(tmp_path / "corpus", text, encoder=make_encoder(tokens))
    assert corpus.rows.token_ids.dtype == np.int32
    assert corpus.rows.token_ids.max() == len(tokens) - 1


@pytest.mark.slow
def test_memory_does_not_grow_with_the_corpus(tmp_path, monkeypatch):
    """Neither preparing nor opening holds the text or its tokens."""
    monkeypatch.setattr(reading, "_CHARACTERS_A_CHUNK", 2000)
    document = "a b c d e f g h i j k l m n o p q\n" * 100 + "\n"

    def peak(documents):
        path = tmp_path / f"{documents}.txt"
        path.write_text(document * documents, "utf-8")
        tracemalloc.start()
        corpus = prepare(tmp_path / f"corpus{documents}", path, length=400)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert corpus.counts.tokens > documents * 1700
        assert isinstance(corpus.rows.token_ids, np.memmap)
        return found

    peak(1)  # What is made once is made now.
    assert peak(300) - peak(30) < len(document) * 270 / 5


def test_every_sequence_comes_once_an_epoch(tmp_path):
    path = tmp_path / "text"
    words = [a + b for a in "abcdef" for b in "abcdef"]
    path.write_text("\n\n".join(words), "utf-8")
    rows = prepare(tmp_path / "corpus", path).rows
    labels = np.broadcast_to(np.int32(-1), len(rows))

    def order(seed, epoch, seen=0):
        batches = TrainingBatches(rows, labels, 5, seed)
        return [
            x["student"]["token_ids"].tolist()
            for x, _ in batches.epoch(epoch, seen).as_numpy_iterator()
        ]

    first = order(3, 0)
    assert first == order(3, 0)
    assert order(3, 0, seen=2) == first[2:]
    assert first not in (order(3, 1), order(4, 0))
    texts = sorted(str(row) for batch in first for row in batch)
    assert texts == sorted(str(row) for batch in order(3, 1) for row in batch)
    assert len(set(texts)) == len(words)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": 11}, "max_seq_length was 13 and is now 11"),
        ({"max_documents": 1}, "max_documents was 0 and is now 1"),
        ({"encoder": make_encoder((*TOKENS, "z9"))}, "vocabulary_digest was"),
    ],
    ids=["length", "documents", "vocabulary"],
)
def test_another_corpus_in_the_folder(tmp_path, text, change, message):
    prepare(tmp_path / "corpus", text)
    with pytest.raises(DistillError, match=message):
        prepare(tmp_path / "corpus", text, **change)


def test_a_changed_file(tmp_path, text):
    prepare(tmp_path / "corpus", text)
    text.write_text("a b c", "utf-8")
    with pytest.raises(DistillError, match="size_bytes was 17 and is now 5"):
        prepare(tmp_path / "corpus", text)


@pytest.mark.parametrize("content", ["", "\n \n\n", "\u200b\n"])
def test_a_corpus_without_text(tmp_path, content):
    path = tmp_path / "text"
    path.write_text(content, "utf-8")
    with pytest.raises(DistillError, match="corpus has no text in its"):
        prepare(tmp_path / "corpus", path)
    assert [p.name for p in tmp_path.iterdir()] == ["text"]


def test_a_folder_with_other_files(tmp_path, text):
    with pytest.raises(DistillError, match="holds other files; choose another corpus"):
        prepare(tmp_path, text)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "corpus.json").write_text("{}", "utf-8")
    with pytest.raises(DistillError, match=UNREADABLE):
        prepare(tmp_path / "corpus", text)


@pytest.mark.parametrize("name", ["token_ids.bin", "segment_ids.bin", "lengths.bin"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_broken_corpus(tmp_path, text, name, damage):
    prepare(tmp_path / "corpus", text)
    file = tmp_path / "corpus" / name
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-1])
    else:
        file.unlink()
    with pytest.raises(DistillError, match=UNREADABLE):
        prepare(tmp_path / "corpus", text)
