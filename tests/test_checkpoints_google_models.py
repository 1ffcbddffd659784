"""Released models by name: addresses, downloads, and life without a network."""

import zipfile

import keras
import pytest
from tiny_bert import random_weights
from tiny_bert import write_google

from distill_tf.checkpoints.google_models import fetch_google_model
from distill_tf.checkpoints.google_models import google_model_url
from distill_tf.errors import DistillError

TINY = "uncased_L-2_H-128_A-2"


@pytest.fixture
def storage(tmp_path, monkeypatch):
    """A stand-in for Google's storage: put `archive`, count `calls`."""

    class Storage:
        archive = tmp_path / "storage.zip"
        calls = 0

    def get_file(origin, cache_dir, cache_subdir):
        Storage.calls += 1
        if not Storage.archive.exists():
            raise Exception(f"URL fetch failure on {origin}")
        return str(Storage.archive)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    return Storage


def make_archive(tmp_path, archive, top):
    prefix = write_google(tmp_path / "made", random_weights())
    with zipfile.ZipFile(archive, "w") as opened:
        for file in prefix.parent.iterdir():
            opened.write(file, f"{top}{file.name}")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("uncased_L-12_H-768_A-12", "2018_10_18/uncased_L-12_H-768_A-12"),
        ("chinese_L-12_H-768_A-12", "2018_11_03/chinese_L-12_H-768_A-12"),
        ("multi_cased_L-12_H-768_A-12", "2018_11_23/multi_cased_L-12_H-768_A-12"),
        ("uncased_L-10_H-512_A-8", "2020_02_20/uncased_L-10_H-512_A-8"),
    ],
)
def test_address(name, path):
    url = f"https://storage.googleapis.com/bert_models/{path}.zip"
    assert google_model_url(name) == url


def test_all_24_small_models_have_an_address():
    names = [
        f"uncased_L-{layers}_H-{hidden}_A-{heads}"
        for layers in (2, 4, 6, 8, 10, 12)
        for hidden, heads in ((128, 2), (256, 4), (512, 8), (768, 12))
    ]
    assert all(map(google_model_url, names))
    assert google_model_url("uncased_L-3_H-768_A-12") is None


@pytest.mark.parametrize("top", ["", f"{TINY}/"], ids=["flat", "in a folder"])
def test_download_happens_once(tmp_path, storage, top):
    make_archive(tmp_path, storage.archive, top)
    first = fetch_google_model(TINY, tmp_path / "models")
    assert first == tmp_path / "models" / TINY
    assert sorted(file.name for file in first.iterdir()) == [
        "bert_config.json",
        "bert_model.ckpt.data-00000-of-00001",
        "bert_model.ckpt.index",
        "vocab.txt",
    ]
    assert fetch_google_model(TINY, tmp_path / "models") == first
    assert storage.calls == 1
    assert list((tmp_path / "models").iterdir()) == [first]


def test_no_network(tmp_path, storage):
    folder = tmp_path / "models" / TINY
    with pytest.raises(DistillError, match="bert_config.json, vocab.txt") as caught:
        fetch_google_model(TINY, tmp_path / "models")
    assert str(folder) in str(caught.value)
    assert not folder.exists()


@pytest.mark.parametrize("content", ["no zip", "zip without the files"])
def test_damaged_download(tmp_path, storage, content):
    if content == "no zip":
        storage.archive.write_bytes(b"<html>")
    else:
        with zipfile.ZipFile(storage.archive, "w") as opened:
            opened.writestr("readme", "")
    with pytest.raises(DistillError, match="was expected to be a zip file"):
        fetch_google_model(TINY, tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path, storage):
    (tmp_path / "models").write_text("a file", "utf-8")
    with pytest.raises(DistillError, match="cannot be kept in .*; free some space, or"):
        fetch_google_model(TINY, tmp_path / "models")
    assert storage.calls == 0


def test_unknown_name_is_a_programming_error(tmp_path):
    with pytest.raises(ValueError, match="no_such_model"):
        fetch_google_model("no_such_model", tmp_path)
