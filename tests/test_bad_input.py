"""A user's mistakes: one sentence before anything is written, and the way on.

Each case breaks one thing of a run that would work. The sentence must name what is
wrong and where, and after it the output folder must still be free for the corrected
command.
"""

import os
from pathlib import Path

import pytest
from tiny_bert import TOKENS
from tiny_bert import google_config
from tiny_bert import huggingface_arrays
from tiny_bert import huggingface_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_json
from tiny_bert import write_tokens
from tiny_runs import distill_config
from tiny_runs import fine_tune_config
from tiny_runs import write_rows
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.errors import DistillError

HEADER = ("sentence", "label")
DATA_FILE = "teacher/model.ckpt-46000.data-00000-of-00001"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working directory with a task in data/ and a teacher in teacher/."""
    monkeypatch.chdir(tmp_path)
    write_sst2(Path("data"))
    write_teacher(Path("teacher"))
    return tmp_path


def settings(**changes):
    return {
        "data_dir": "data",
        "output_dir": "run",
        "num_train_epochs": 0.0,
        "intermediate_epochs": 0.0,
        "do_eval": False,
        **changes,
    }


def distil(**changes):
    teacher = {"init_checkpoint_teacher": "teacher/model.ckpt-46000"}
    return distill_tf.distill(distill_config(**settings(**{**teacher, **changes})))


def fine_tune(**changes):
    config = {**settings(), "init_checkpoint": "teacher", **changes}
    del config["intermediate_epochs"]
    return distill_tf.fine_tune(fine_tune_config(**config))


def told(run, **changes) -> str:
    """The one sentence that a run ends with."""
    with pytest.raises(DistillError) as caught:
        run(**changes)
    sentence = str(caught.value)
    assert sentence and "\n" not in sentence
    assert "Error:" not in sentence and "Traceback" not in sentence
    return sentence


def assert_in_order(sentence: str, parts) -> None:
    position = 0
    for part in parts:
        assert part in sentence[position:], f"{part!r} is not told: {sentence}"
        position = sentence.index(part, position) + len(part)


@pytest.mark.parametrize("run", [distil, fine_tune])
@pytest.mark.parametrize(
    ("file", "rows", "parts"),
    [
        ("train.tsv", None, ("data", "train.tsv", "train split", "add the file")),
        ("dev.tsv", None, ("dev set in data", "dev.tsv")),
        ("train.tsv", [], ("data/train.tsv", "header line", "empty file")),
        ("train.tsv", [HEADER], ("data/train.tsv", "found none")),
        ("dev.tsv", [HEADER], ("data/dev.tsv", "found none")),
        (
            "train.tsv",
            [HEADER, ("a", "0"), ("a", "0", "1")],
            ("data/train.tsv:3", "expected 2 columns", "got 3", "mend or remove"),
        ),
        (
            "dev.tsv",
            [HEADER, ("a", "0"), ("a",)],
            ("data/dev.tsv:3", "expected 2 columns", "got 1", "mend or remove"),
        ),
        (
            "train.tsv",
            [("text", "label"), ("a", "0")],
            ("data/train.tsv:1", "column named 'sentence'", "mend the header"),
        ),
        (
            "dev.tsv",
            [HEADER, ("a", "0"), ("b", "2")],
            ("data/dev.tsv:3", "unknown label '2'", "'0', '1'", "mend the line"),
        ),
    ],
)
def test_broken_data_files(place, run, file, rows, parts):
    if rows is None:
        (place / "data" / file).unlink()
    else:
        write_rows(place / "data" / file, *rows)
    assert_in_order(told(run), parts)
    assert not (place / "run").exists()


@pytest.mark.parametrize(
    ("run", "changes", "parts"),
    [
        (distil, {"data_dir": "dat"}, ("dat", "no such data folder", "--data_dir")),
        (distil, {"task_name": "sst3"}, ("'sst3'", "--task_name", "sst-2")),
        (
            distil,
            {"labels": "0,1"},
            ("sst-2 knows its columns", "--task_name=custom"),
        ),
        (distil, {"init_checkpoint_teacher": ""}, ("needs a teacher", "init_checkp")),
        (fine_tune, {"init_checkpoint": ""}, ("needs weights to start", "init_checkp")),
        (
            fine_tune,
            {"init_checkpoint": "teacher/bert"},
            ("teacher/bert was expected to be", "correct the path"),
        ),
        (
            distil,
            {"max_seq_length": 20},
            ("sequence may have 20", "19 positions", "set max_seq_length"),
        ),
        (
            distil,
            {"layer_map": "0:0,1:3"},
            ("'0:0,1:3'", "hidden state 3 of the teacher", "use 0 (embeddings) to 2"),
        ),
        (
            distil,
            {"layer_map": "2:2"},
            ("'2:2'", "hidden state 2 of the student", "use 0 (embeddings) to 1"),
        ),
        (distil, {"layer_map": "top"}, ("'top'", "correct it")),
        (
            distil,
            {"student_num_attention_heads": 2},
            ("student has 2", "teacher 3", "student_num_attention_heads=3"),
        ),
        (
            distil,
            {"student_num_attention_heads": 4},
            ("hidden_size (6)", "num_attention_heads (4)", "choose another"),
        ),
        (
            distil,
            {"layer_list": "0,one"},
            ("layer_list must be numbers", "'0,one'"),
        ),
        (
            distil,
            {"intermediate_distill": False, "pred_distill": False},
            ("both are switched off", "leave intermediate_distill or pred_distill"),
        ),
        (
            distil,
            {"task_name": "sample", "data_dir": "", "do_predict": True},
            ("do_predict needs a test set", "sample", "leave out do_predict"),
        ),
        (distil, {"do_train": False}, ("run should be", "model.keras", "--output_dir")),
        (
            fine_tune,
            {"do_train": False},
            ("run should be", "model.keras", "--output_dir"),
        ),
    ],
)
def test_settings_that_cannot_be(place, run, changes, parts):
    assert_in_order(told(run, **changes), parts)
    assert not (place / "run").exists()


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"method": "magic"}, ("method must be one of", "tinybert", "'magic'")),
        ({"kd_alpha": 1.5}, ("kd_alpha must be at most 1", "1.5")),
        ({"kd_alpha": -0.5}, ("kd_alpha must be at least 0", "-0.5")),
        ({"max_seq_length": 2}, ("max_seq_length must be at least 3", "2")),
        ({"learning_rate": float("nan")}, ("learning_rate must be a finite", "nan")),
        ({"train_batch_size": "8"}, ("train_batch_size must be of type int", "'8'")),
    ],
)
def test_values_that_no_configuration_takes(changes, parts):
    assert_in_order(told(distil, **changes), parts)


def shorten(file: str, keep: float = 0.5) -> None:
    os.truncate(file, int(keep * os.path.getsize(file)))


def break_config(**changes):
    write_json(Path("teacher/bert_config.json"), google_config(**changes))


@pytest.mark.parametrize(
    ("breakage", "parts"),
    [
        (
            lambda: write_tokens(Path("teacher/vocab.txt"), [*TOKENS, "two", "more"]),
            ("39 tokens", "37 rows", "give the vocabulary"),
        ),
        (
            lambda: os.remove("teacher/vocab.txt"),
            ("model.ckpt-46000", "without a vocabulary", "vocab_file"),
        ),
        (
            lambda: break_config(intermediate_size=24),
            ("teacher/bert_config.json", "intermediate_size is 24", "20", "give the"),
        ),
        (
            lambda: break_config(num_hidden_layers=3),
            ("teacher/bert_config.json", "num_hidden_layers is 3", "has 2", "give the"),
        ),
        (
            lambda: os.remove("teacher/bert_config.json"),
            ("teacher/bert_config.json", "there is none"),
        ),
        (
            lambda: shorten(DATA_FILE),
            (DATA_FILE[:24], "truncated or corrupt", "fetch the checkpoint again"),
        ),
        (
            lambda: os.remove(DATA_FILE),
            ("no data file", DATA_FILE, "fetch the checkpoint again"),
        ),
    ],
)
def test_broken_checkpoints(place, breakage, parts):
    breakage()
    assert_in_order(told(distil), parts)
    assert not (place / "run").exists()


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("1", "0"), ("labels in the order 1, 0", "task in the order 0, 1", "custom")),
        (("0", "1", "2"), ("3 outputs", "needs 2 (0, 1)", "give a teacher of this")),
    ],
)
def test_teachers_of_other_labels(place, names, parts):
    weights = random_weights(head=True)
    for name in ("output_weights", "output_bias"):
        weights[name] = weights[name][: len(names)]
    config = huggingface_config(id2label=dict(enumerate(names)))
    write_huggingface(place / "hf", huggingface_arrays(weights), config)
    assert_in_order(told(distil, init_checkpoint_teacher="hf"), ("hf", *parts))
    assert not (place / "run").exists()


def test_a_teacher_without_a_head(place):
    write_google(place / "bert", random_weights())
    sentence = told(distil, init_checkpoint_teacher="bert")
    assert_in_order(sentence, ("bert", "no classification head", "run_classifier.py"))
    assert not (place / "run").exists()


def test_a_student_that_another_vocabulary_was_made_for(place):
    write_teacher(place / "other")
    write_tokens(place / "other" / "vocab.txt", TOKENS[:-1])
    sentence = told(distil, init_checkpoint_student="other")
    assert_in_order(sentence, ("other", "another vocabulary than the teacher", "give"))
    assert not (place / "run").exists()


@pytest.mark.parametrize("run", [distil, fine_tune])
def test_output_folders_of_something_else(place, run):
    (place / "run").mkdir()
    (place / "run" / "thesis.doc").touch()
    assert_in_order(
        told(run), ("run", "other files (thesis.doc)", "another output_dir")
    )
    assert os.listdir("run") == ["thesis.doc"]

    sentence = told(run, output_dir="data/dev.tsv")
    assert_in_order(
        sentence, ("output_dir", "data/dev.tsv is a file", "choose another")
    )
    sentence = told(run, output_dir="new", result_dir="data/dev.tsv/results")
    assert_in_order(
        sentence, ("result_dir", "data/dev.tsv is a file", "choose another")
    )
    assert not (place / "new").exists()


def test_output_folders_of_another_run(place):
    distil()
    before = (place / "run" / "run_config.json").read_bytes()
    sentence = told(distil, seed=43)
    assert_in_order(sentence, ("run holds another run", "seed was 42 and is now 43"))
    assert_in_order(told(fine_tune), ("run/run_config.json", "another command's run"))
    assert (place / "run" / "run_config.json").read_bytes() == before


@pytest.mark.parametrize("run", [distil, fine_tune])
def test_the_corrected_command_runs_in_the_same_folder(place, run):
    row = (place / "data" / "dev.tsv").read_text("utf-8")
    write_rows(place / "data" / "dev.tsv", HEADER, ("a", "maybe"))
    told(run)
    (place / "data" / "dev.tsv").write_text(row, "utf-8")
    told(run, max_seq_length=1000)
    run()
    assert (place / "run" / "model.keras").is_file()


@pytest.mark.parametrize("file", ["model.keras", "labels.json"])
def test_a_finished_folder_that_was_damaged(place, file):
    fine_tune()
    shorten(f"run/{file}", keep=0.6)
    assert_in_order(told(fine_tune, do_train=False), (f"run/{file}",))


def test_a_run_goes_on_with_what_it_was_begun_with(place):
    distil()
    os.remove("run/model.keras")
    before = (place / "run" / "run_config.json").read_bytes()
    train = (place / "data" / "train.tsv").read_text("utf-8")
    (place / "data" / "train.tsv").write_text(train.replace("ba", "efg"), "utf-8")
    assert_in_order(
        told(distil),
        ("run", "begun otherwise", "the training examples have changed", "restore"),
    )
    (place / "data" / "train.tsv").write_text(train, "utf-8")
    write_teacher(place / "teacher", seed=1)
    assert_in_order(told(distil), ("run", "the teacher has changed", "restore"))
    assert (place / "run" / "run_config.json").read_bytes() == before
    write_teacher(place / "teacher")
    distil()


def test_a_damaged_record_is_told(place):
    distil()
    os.remove("run/model.keras")
    for name in ("teachers.json", "prediction/done.json"):
        file = place / "run" / "stages" / name
        content = file.read_text("utf-8")
        file.write_text("", "utf-8")
        assert_in_order(told(distil), (name, "cannot be read", "remove"))
        file.write_text(content, "utf-8")
    distil()


def test_a_damaged_state_names_what_to_remove(place):
    distil()
    os.remove("run/model.keras")
    shorten("run/stages/prediction/student.weights.h5")
    sentence = told(distil)
    assert_in_order(sentence, ("student.weights.h5", "remove", "run/stages/prediction"))
