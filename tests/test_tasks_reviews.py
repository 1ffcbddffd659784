"""IMDB's folder and table layouts, and ChnSentiCorp."""

import numpy as np
import pytest
from real_data import real_data

from distill_tf.errors import DistillError
from distill_tf.tasks.reviews import CHNSENTICORP
from distill_tf.tasks.reviews import IMDB


@pytest.fixture
def imdb_folder(tmp_path):
    for name, text in {
        "train/neg/0_3.txt": "Dull.<br /><br />Very.",
        "train/pos/0_9.txt": "Bright.",
        "train/unsup/0_0.txt": "Who knows.",
        "test/neg/10_1.txt": "Long.",
        "test/neg/9_1.txt": "Slow.",
        "test/pos/1_10.txt": "Fine.",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_imdb_folder(imdb_folder):
    train = IMDB.load(imdb_folder, "train")
    assert train.texts_a == ["Dull.  Very.", "Bright."]
    np.testing.assert_array_equal(train.labels, [0, 1])
    unlabelled = IMDB.load(imdb_folder, "unlabelled")
    assert (unlabelled.texts_a, unlabelled.labels) == (["Who knows."], None)


def test_imdb_test_folder_is_the_dev_set(imdb_folder):
    dev, test = (IMDB.load(imdb_folder, split) for split in ("dev", "test"))
    assert dev.texts_a == test.texts_a == ["Fine.", "Slow.", "Long."]
    np.testing.assert_array_equal(dev.labels, [1, 0, 0])
    assert test.labels is None


def test_imdb_dev_table_wins_over_the_test_folder(imdb_folder):
    (imdb_folder / "dev.tsv").write_text("pos\tGood.\n", encoding="utf-8")
    assert IMDB.load(imdb_folder, "dev").texts_a == ["Good."]


@pytest.mark.parametrize("labels", [("neg", "pos"), ("0", "1")])
def test_imdb_tables(tmp_path, labels):
    lines = [f"{label}\tSome text {label}\n" for label in labels]
    (tmp_path / "train.tsv").write_text("".join(lines), encoding="utf-8")
    np.testing.assert_array_equal(IMDB.load(tmp_path, "train").labels, [0, 1])


def test_imdb_missing(tmp_path):
    message = r"looked for train/\{neg,pos\}/\*.txt or train.tsv as its train split"
    with pytest.raises(DistillError, match=message):
        IMDB.load(tmp_path, "train")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("split", "count"), [("train", 9600), ("dev", 1200), ("test", 1200)]
)
def test_real_chnsenticorp(split, count):
    examples = CHNSENTICORP.load(real_data("chnsenticorp"), split)
    assert len(examples) == count
    assert (
        examples.labels is None if split == "test" else set(examples.labels) == {0, 1}
    )
    assert all(examples.texts_a)
