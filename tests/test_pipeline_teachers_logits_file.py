"""Runs that are taught by a file, and runs that nobody teaches."""

import json
from pathlib import Path

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_bert import write_tokens
from tiny_runs import AS_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import text
from tiny_runs import write_rows
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.augmentation.mask_tokens import restore_masks
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.pipeline.write_logits import write_teacher_logits
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.teacher_logits.config import WriteLogitsConfig
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import encode_all


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A task with more texts in data/, a teacher, a vocabulary, and what it says."""
    folder = tmp_path_factory.mktemp("place")
    write_sst2(folder / "data")
    rows = ((f"{text(row)} b", "") for row in range(6))
    write_rows(folder / "data" / "train_aug.tsv", ("sentence", "label"), *rows)
    write_teacher(folder / "teacher")
    write_tokens(folder / "vocab.txt", TOKENS)
    write_logits(folder, folder / "said.jsonl", aug_train=True)
    return folder


def write_logits(place, path, **settings):
    write_teacher_logits(
        WriteLogitsConfig(
            **{
                "task_name": "sst-2",
                "data_dir": str(place / "data"),
                "init_checkpoint_teacher": str(place / "teacher"),
                "max_seq_length": 9,
                "output_file": str(path),
                **settings,
            }
        )
    )


def run(place, output, **settings):
    return distill_tf.distill(
        distill_config(
            **{
                "data_dir": str(place / "data"),
                "vocab_file": str(place / "vocab.txt"),
                "output_dir": str(output),
                "method": "kd",
                **settings,
            }
        )
    )


@pytest.mark.slow
def test_a_file_teaches_what_its_teacher_teaches(place, tmp_path):
    """The student starts from one checkpoint, so all else is equal."""
    students = []
    for name, teacher in (
        ("live", {"init_checkpoint_teacher": str(place / "teacher"), "vocab_file": ""}),
        ("file", {"teacher_logits": str(place / "said.jsonl")}),
    ):
        results = run(
            place,
            tmp_path / name,
            init_checkpoint_student=str(place / "teacher"),
            aug_train=True,
            num_train_epochs=2.0,
            **{**AS_THE_TEACHER, **teacher},
        )
        assert ("teacher" in results) is (name == "live")
        students.append(distill_tf.load(tmp_path / name).logits(["a ba", "c d efg"]))
    np.testing.assert_allclose(*students, rtol=0, atol=1e-3)


def test_what_is_written_is_one_line_a_text(place):
    written = (place / "said.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in written.splitlines()]
    texts = [line["text"] for line in lines]
    assert len(set(texts)) == len(texts) > 6
    teacher = distill_tf.pipeline.classifier.load_classifier(
        str(place / "teacher"), distill_tf.labels.LabelSet(("0", "1"), False), 9
    )
    np.testing.assert_allclose(
        teacher.logits(texts), [line["logits"] for line in lines], rtol=0, atol=1e-5
    )


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("said.tsv", {}, "name of a .jsonl file, but is '.*said.tsv'"),
        ("said.jsonl", {"init_checkpoint_teacher": ""}, "there is no teacher to ask"),
        ("said.jsonl", {"max_seq_length_query": 4}, "max_seq_length_query limits one"),
    ],
)
def test_what_cannot_be_written(place, tmp_path, name, settings, message):
    with pytest.raises(DistillError, match=message):
        write_logits(place, tmp_path / name, **settings)
    assert not list(tmp_path.iterdir())


def test_the_place_is_looked_at_before_the_teacher_is_asked(place, tmp_path):
    (tmp_path / "said.jsonl").mkdir()
    (tmp_path / "file").write_text("", "utf-8")
    for name, message in (
        ("said.jsonl", "output_file should be a file, but .*said.jsonl is a folder"),
        ("file/said.jsonl", "folder of output_file should be a folder, but .*file is"),
    ):
        with pytest.raises(DistillError, match=message):
            # A teacher that is not there would be told as soon as it is loaded.
            write_logits(place, tmp_path / name, init_checkpoint_teacher="absent")


@pytest.mark.parametrize(
    "settings",
    [
        {"model_type": "bilstm", "student_tokenizer": "whitespace", "vocab_file": ""},
        {"model_type": "bilstm", "student_tokenizer": "wordpiece"},
        {"model_type": "static", "student_tokenizer": "wordpiece", "emb_dim": 5},
        {"init_checkpoint_student": "teacher", "vocab_file": "", **AS_THE_TEACHER},
        {"do_lower_case": False},
    ],
    ids=["words", "pieces", "static", "checkpoint", "cased"],
)
@pytest.mark.parametrize("taught", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_students_need_no_teacher_model(place, tmp_path, monkeypatch, settings, taught):
    monkeypatch.chdir(place)
    by = {"teacher_logits": "said.jsonl"} if taught else {"method": "none"}
    results = run(place, tmp_path / "run", **by, **settings)
    assert "teacher" not in results
    assert 0 <= results["accuracy"] <= 1
    student = distill_tf.load(tmp_path / "run")
    assert student.predict(["a ba"])[0].label in ("0", "1")
    lower_case = student.encoder.settings.do_lower_case
    assert lower_case is settings.get("do_lower_case", True)


def test_agreement_with_the_labels_is_told(place, tmp_path, caplog):
    caplog.set_level("INFO", logger="absl")
    labels = tmp_path / "labels.tsv"
    # SST-2's own file says what its labels are.
    labels.write_text((place / "data" / "train.tsv").read_text("utf-8"), "utf-8")
    columns = labels.read_text("utf-8").splitlines()
    rows = (f"{row}\t{line.split(chr(9))[1]}" for row, line in enumerate(columns[1:]))
    labels.write_text("row\tlabel\n" + "\n".join(rows) + "\n", "utf-8")
    run(place, tmp_path / "run", teacher_logits=str(labels), do_eval=False)
    assert any("has the accuracy 1.0000" in line for line in caplog.messages)


def test_the_report_has_no_teacher(place, tmp_path, capsys):
    run(place, tmp_path / "run", method="none")
    table = capsys.readouterr().out
    assert "student (none)" in table and "teacher" not in table


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tinybert"}, "looks into the teacher's layers, but several"),
        ({"method": "factor_transfer"}, "needs hidden_states, .* but only logits"),
        ({"vocab_file": ""}, "no BERT as teacher to take them from; give its vocab"),
        ({"layer_list": "0"}, "no BERT as teacher; leave it out"),
        (
            {"model_type": "bilstm", "student_preset": "bert_embedding"},
            "no such BERT teaches; choose another preset",
        ),
        ({"model_type": "static"}, "embedding_path, or emb_dim to start from random"),
        ({"aug_train": True, "teacher_logits": "few.tsv"}, "says nothing of .* train"),
        ({"aug_train": True, "teacher_logits": "rows.tsv"}, "rows of the train file"),
        (
            {"init_checkpoint_student": "other", **AS_THE_TEACHER},
            "tokens, but its word embeddings have only",
        ),
    ],
)
def test_mistakes(place, tmp_path, monkeypatch, settings, message):
    monkeypatch.chdir(place)
    write_rows(Path("few.tsv"), ("text", "label"), ("a", "0"))
    write_rows(Path("rows.tsv"), ("row", "label"), *((str(i), "0") for i in range(11)))
    if "init_checkpoint_student" in settings:
        write_teacher(Path("other"))
        write_tokens(Path("more.txt"), [*TOKENS, "two", "more"])
        settings = {**settings, "vocab_file": "more.txt"}
    settings = {"teacher_logits": "said.jsonl", **settings}
    with pytest.raises(DistillError, match=message):
        run(place, tmp_path / "run", **settings)
    assert not (tmp_path / "run").exists()


PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[", "]", "mask", "a", "film")


def test_masks_in_augmented_texts_are_the_teachers_mask(tmp_path):
    encoder = TextEncoder.from_settings(Vocabulary(PIECES), TextSettings(True, 9))
    labels = LabelSet(("0", "1"), is_pair=False)
    model = load_classifier(write_teacher(tmp_path), labels, 9).model
    predictor = Predictor(model, encoder, labels)
    examples = Examples(["[MASK] film", "a film"])
    encoded = restore_masks(encode_all(encoder, examples.texts_a), encoder)
    assert PIECES.index("[MASK]") in encoded.token_ids
    expected = predictor.inference.logits(encoded, 4)
    for members in ([predictor], [predictor, predictor]):
        teacher = LiveTeacher(members)
        found = teacher.logits(examples, 4, has_masks=True)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        as_text = teacher.logits(examples, 4)
        assert abs(as_text - expected).max(axis=1)[0] > 1e-4


def test_a_lone_surrogate_is_written_as_json_has_it(place, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    rows = [{"text": "a \ud800", "label": "0"}, {"text": "ba", "label": "1"}]
    for split in ("train", "dev"):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (data / f"{split}.jsonl").write_text(lines, "utf-8")
    write_logits(
        place,
        tmp_path / "said.jsonl",
        task_name="custom",
        data_dir=str(data),
        text_columns="text",
        label_column="label",
    )
    lines = (tmp_path / "said.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["a \ud800", "ba"]


def test_a_file_that_is_not_there_is_told_even_if_nothing_is_learnt_from_it(
    place, tmp_path
):
    with pytest.raises(DistillError, match="teacher_logits is absent.jsonl, which can"):
        run(place, tmp_path / "run", method="none", teacher_logits="absent.jsonl")
