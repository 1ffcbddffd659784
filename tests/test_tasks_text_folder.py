"""Folders of text files: order, labels, and what can be wrong."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks.text_folder import TextFolder

SOURCE = TextFolder("train", ("neg", "pos"))


def fill(folder, **files):
    for subfolder, names in files.items():
        (folder / "train" / subfolder).mkdir(parents=True)
        for name in names:
            path = folder / "train" / subfolder / name
            path.write_text(f"{subfolder} {name}", encoding="utf-8")


def test_order_is_by_number_then_by_label(tmp_path):
    fill(
        tmp_path,
        pos=["10_8.txt", "2_9.txt", "0_7.txt"],
        neg=["1_2.txt", "10_1.txt", "0_3.txt", "notes.md"],
    )
    rows = list(SOURCE.rows(SOURCE.find(tmp_path)))
    assert [row.texts for row in rows] == [
        ("neg 0_3.txt",),
        ("pos 0_7.txt",),
        ("neg 1_2.txt",),
        ("pos 2_9.txt",),
        ("neg 10_1.txt",),
        ("pos 10_8.txt",),
    ]
    assert [row.label for row in rows] == ["neg", "pos"] * 3
    assert rows[1].place == str(tmp_path / "train" / "pos" / "0_7.txt")


def test_unlabelled(tmp_path):
    fill(tmp_path, unsup=["1_0.txt", "0_0.txt"])
    source = TextFolder("train", ("unsup",))
    rows = list(source.rows(source.find(tmp_path), with_labels=False))
    assert [(row.texts, row.label) for row in rows] == [
        (("unsup 0_0.txt",), None),
        (("unsup 1_0.txt",), None),
    ]


def test_absent_folder(tmp_path):
    assert SOURCE.find(tmp_path) is None
    assert SOURCE.names == ("train/{neg,pos}/*.txt",)


@pytest.mark.parametrize("names", [[], ["README"]])
def test_half_of_the_folders(tmp_path, names):
    fill(tmp_path, pos=["0_9.txt"], neg=names)
    with pytest.raises(DistillError, match=r"train/neg: expected a folder with \.txt"):
        list(SOURCE.rows(SOURCE.find(tmp_path)))


def test_not_utf8(tmp_path):
    fill(tmp_path, neg=["0_1.txt"], pos=["0_9.txt"])
    bad = tmp_path / "train" / "pos" / "0_9.txt"
    bad.write_bytes(b"good\nbad \xff")
    with pytest.raises(DistillError, match=r"0_9\.txt:2: not UTF-8"):
        list(SOURCE.rows(SOURCE.find(tmp_path)))
