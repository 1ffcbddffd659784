"""Whole augmentations, and the command."""

import csv
import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from augmented_labels import labels_in_file
from real_data import real_data
from tiny_masked_lm import write_google_masked_lm
from tiny_runs import write_pairs
from tiny_runs import write_rows
from tiny_runs import write_sst2

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.run import augment
from distill_tf.errors import DistillError
from distill_tf.tasks import AUGMENTED
from distill_tf.tasks import UNLABELLED
from distill_tf.tasks import get_task
from distill_tf.tasks import with_augmented

# Without parts of speech, which need a library of their own.
TANG = {"task_name": "sst-2", "p_pos": 0.0, "n_iter": 7}
TINYBERT = {"task_name": "sst-2", "method": "tinybert", "n_iter": 7}
VECTORS = {**TINYBERT, "augment_source": "vectors", "embedding_path": "v"}


@pytest.fixture
def data_dir(tmp_path):
    return write_sst2(tmp_path / "data")


def run(data_dir, output, **settings):
    config = AugmentConfig(data_dir=data_dir, output=str(output), **settings)
    return augment(config)


def write_vectors(path):
    """One vector a word of the tiny tasks, in GloVe's format."""
    generator = np.random.default_rng(0)
    lines = (
        " ".join([word, *map(str, generator.normal(size=5))])
        for word in ("ba", "c", "d", "efg")
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def assert_sound(data_dir, output, task_name="sst-2"):
    """The originals first and unchanged, then new texts that nobody has labelled."""
    task = get_task(task_name)
    train, found = task.load(data_dir, "train"), task.load(output, AUGMENTED)
    originals = found.select(range(len(train)))
    assert (originals.texts_a, originals.texts_b) == (train.texts_a, train.texts_b)
    new = found.select(range(len(train), len(found)))
    assert len(new) > 0
    labels = [task.labels[index] for index in train.labels]
    assert labels_in_file(task, output) == [*labels, *[""] * len(new)]
    rows = list(zip(new.texts_a, new.texts_b or new.texts_a, strict=True))
    known = set(zip(train.texts_a, train.texts_b or train.texts_a, strict=True))
    assert len(set(rows)) == len(rows)
    assert known.isdisjoint(rows)
    return new


def test_tang(data_dir, tmp_path):
    path = run(data_dir, tmp_path / "out", **TANG)
    assert path == tmp_path / "out" / "train_aug.tsv"
    new = assert_sound(data_dir, tmp_path / "out")
    assert any("[MASK]" in text for text in new.texts_a)
    words = {word for text in new.texts_a for word in text.split()}
    assert words <= {"a", "ba", "c", "d", "efg", "[MASK]"}


def test_tang_with_parts_of_speech(tmp_path):
    pytest.importorskip("textblob")
    rows = [("the cat sleeps", "1"), ("a dog runs", "0"), ("the bird sings", "1")]
    write_rows(tmp_path / "train.tsv", ("sentence", "label"), *rows)
    run(str(tmp_path), "", task_name="sst-2", p_mask=0.0, p_ng=0.0, p_pos=0.9)
    texts = [text.split() for text in assert_sound(tmp_path, tmp_path).texts_a]
    columns = [set(column) for column in zip(*texts, strict=True)]
    assert columns[0] <= {"the", "a"}
    assert columns[1] <= {"cat", "dog", "bird"}
    assert columns[2] <= {"sleeps", "runs", "sings"}


def test_the_same_seed_gives_the_same_bytes(data_dir, tmp_path):
    contents = [
        run(data_dir, tmp_path / name, seed=seed, **TANG).read_bytes()
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    ]
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_the_settings_are_kept_beside_the_file(data_dir, tmp_path):
    path = run(data_dir, "", **{**TANG, "n_iter": None})
    saved = AugmentConfig.load(path.with_name("train_aug_config.json"))
    assert (saved.n_iter, saved.language, saved.seed) == (20, "english", 42)
    again = path.read_bytes()
    augment(saved)
    assert path.read_bytes() == again


@pytest.mark.parametrize(
    ("method", "task", "tries"),
    [
        ("tang", "rte", 10),
        ("tang", "sst-2", 20),
        ("tinybert", "rte", 30),
        ("tinybert", "wnli", 20),
    ],
)
def test_default_tries(tmp_path, method, task, tries):
    if task == "sst-2":
        folder = write_sst2(tmp_path)
    else:
        labels = get_task(task).labels
        folder = write_pairs(tmp_path, ["train"], "label", labels)
    vectors = write_vectors(tmp_path / "vectors.txt")
    settings = {
        "tang": {"p_pos": 0.0},
        "tinybert": {"augment_source": "vectors", "embedding_path": vectors},
    }
    path = run(folder, "", task_name=task, method=method, **settings[method])
    config = path.with_name("train_aug_config.json").read_text("utf-8")
    assert json.loads(config)["n_iter"] == tries
    assert_sound(folder, folder, task)


def test_tinybert_with_vectors(data_dir, tmp_path):
    vectors = write_vectors(tmp_path / "vectors.txt")
    settings = {**TINYBERT, "augment_source": "vectors", "embedding_path": vectors}
    run(data_dir, tmp_path / "out", **settings)
    new = assert_sound(data_dir, tmp_path / "out")
    words = {word for text in new.texts_a for word in text.split()}
    assert words <= {"a", "ba", "c", "d", "efg"}


def test_tinybert_with_a_masked_language_model(data_dir, tmp_path):
    checkpoint = str(write_google_masked_lm(tmp_path / "bert"))
    settings = {**TINYBERT, "init_checkpoint": checkpoint, "max_seq_length": 19}
    first = run(data_dir, tmp_path / "out", **settings)
    new = assert_sound(data_dir, tmp_path / "out")
    words = [word for text in new.texts_a for word in text.split()]
    # "ba" and "efg" have several pieces; without vectors they stay.
    assert {word for word in words if len(word) > 1} <= {"ba", "efg"}
    assert set(words) - {"a", "ba", "c", "d", "efg"}
    again = run(data_dir, tmp_path / "again", **settings)
    assert again.read_bytes() == first.read_bytes()


def test_vectors_stand_in_for_words_of_several_pieces(data_dir, tmp_path):
    settings = {
        **TINYBERT,
        "init_checkpoint": str(write_google_masked_lm(tmp_path / "bert")),
        "embedding_path": write_vectors(tmp_path / "vectors.txt"),
        "max_seq_length": 19,
        "num_candidates": 2,
    }
    run(data_dir, tmp_path / "out", **settings)
    texts = assert_sound(data_dir, tmp_path / "out").texts_a
    originals = set(get_task("sst-2").load(data_dir, "train").texts_a)
    assert "efg" in originals
    assert "efg" not in {text for text in texts if len(text.split()) == 1}
    assert {text for text in texts if len(text.split()) == 1}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"task_name": "sample"}, "task sample is generated"),
        ({"p_mask": 0.7, "p_pos": 0.5}, "p_mask and p_pos share.*is 1.2"),
        ({"ngram_min": 6}, "ngram_min must be at most ngram_max"),
        ({"mask_word": "a b"}, "mask_word must be one word"),
        ({"mask_word": ""}, "mask_word must be one word"),
        ({"p_ng": 1.5}, "p_ng must be at most 1"),
        (TINYBERT, "give --init_checkpoint, or take --augment_source=vectors"),
        ({**TINYBERT, "augment_source": "vectors"}, "give --embedding_path"),
        ({"embedding_path": "v"}, "embedding_path is for method=tinybert, but .* tang"),
        ({"init_checkpoint": "b"}, "init_checkpoint is for method=tinybert, but"),
        ({"augment_source": "vectors"}, "augment_source is for method=tinybert, but"),
        ({"do_lower_case": False}, "do_lower_case is for method=tinybert, but"),
        ({**TINYBERT, "p_pos": 0.0}, "p_pos is for method=tang, but .* --method=tang"),
        ({**VECTORS, "init_checkpoint": "b"}, "for augment_source=mlm, but .* vectors"),
        ({**VECTORS, "max_seq_length": 64}, "for augment_source=mlm, but"),
        ({**TANG, "data_dir": "nowhere"}, "nowhere"),
    ],
)
def test_mistakes(tmp_path, monkeypatch, settings, sentence):
    monkeypatch.chdir(tmp_path)
    write_sst2(tmp_path / "data")
    settings = {"task_name": "sst-2", "data_dir": "data", **settings}
    with pytest.raises(DistillError, match=sentence):
        augment(AugmentConfig(output="out", **settings))
    assert not (tmp_path / "out").exists()


@pytest.mark.real_data
def test_real_chinese_reviews(tmp_path):
    folder = real_data("chnsenticorp")
    settings = {"task_name": "chnsenticorp", "max_train_examples": 20}
    run(str(folder), tmp_path, **settings)
    task = get_task("chnsenticorp")
    train = task.load(folder, "train", 20)
    together = with_augmented(train, task.load(tmp_path, AUGMENTED))
    assert together.labels[:20].tolist() == train.labels.tolist()
    assert set(together.labels[20:].tolist()) == {UNLABELLED}
    assert len(together) > 200


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "distill_tf.augmentation", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_command(data_dir, tmp_path):
    flags = [f"--{name}={value}" for name, value in TANG.items()]
    process = command(*flags, f"--data_dir={data_dir}", f"--output={tmp_path}")
    assert process.returncode == 0, process.stderr
    assert_sound(data_dir, tmp_path)


@pytest.mark.parametrize("line_break", ["\r", "\n"])
def test_the_command_keeps_line_breaks_of_a_csv(tmp_path, line_break):
    texts = [f"some words{line_break}and more", "another text"]
    with open(tmp_path / "train.csv", "w", encoding="utf-8", newline="") as file:
        rows = [("said", "mood"), *zip(texts, ("glad", "sad"), strict=True)]
        csv.writer(file).writerows(rows)
    columns = ("--text_columns=said", "--label_column=mood")
    process = command(
        "--task_name=custom", *columns, f"--data_dir={tmp_path}", "--p_pos=0"
    )
    assert process.returncode == 0, process.stderr
    task = get_task(
        "custom", data_dir=tmp_path, text_columns=["said"], label_column="mood"
    )
    assert task.load(tmp_path, AUGMENTED).texts_a[:2] == texts
    assert labels_in_file(task, tmp_path)[:3] == ["glad", "sad", ""]


@pytest.mark.parametrize("output", ["", "/below"])
def test_an_output_that_is_a_file_is_refused_before_the_work(
    data_dir, tmp_path, output, monkeypatch
):
    monkeypatch.setattr(Corpus, "analyse", lambda *_: pytest.fail("began to work"))
    (tmp_path / "file").touch()
    with pytest.raises(DistillError, match="output should be a folder, but .*file is"):
        run(data_dir, f"{tmp_path / 'file'}{output}", **TANG)


def test_help_lists_every_flag():
    process = command("--help")
    assert "writes train_aug for a task" in process.stdout
    for field in dataclasses.fields(AugmentConfig):
        assert f"--{field.name}:" in process.stdout.replace("[no]", "")


def test_a_mistake_ends_the_command_with_one_sentence():
    process = command("--task_name=sample", "--output=out")
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("Error: task sample is generated")
    assert "Traceback" not in process.stderr
