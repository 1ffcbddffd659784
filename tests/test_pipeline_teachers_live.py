"""Several teachers and their average."""

import math

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import google_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_tokens
from tiny_runs import AS_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.config.options import Options
from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import training_batches
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.pipeline.teachers import bert_of
from distill_tf.tasks import Examples
from distill_tf.text import encode_all

LABELS = LabelSet(("0", "1"), is_pair=False)
TEXTS = ["a ba c d", "efg", "c d a", ""]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A task in data/, and teachers a, b (as a, other weights), c (other tokens)."""
    folder = tmp_path_factory.mktemp("place")
    write_sst2(folder / "data")
    write_teacher(folder / "a")
    write_teacher(folder / "b", seed=1)
    write_teacher(folder / "c", seed=2)
    # Pieces in another order, and one less.
    write_tokens(folder / "c" / "vocab.txt", [*TOKENS[:5], *TOKENS[:5:-1]])
    return folder


def paths(place, names) -> str:
    return ",".join(str(place / name) for name in names)


def config(place, teachers, output="run", **settings) -> Options:
    return distill_config(
        **{
            "data_dir": str(place / "data"),
            "init_checkpoint_teacher": paths(place, teachers),
            "output_dir": str(output),
            "method": "kd",
            **settings,
        }
    )


def load(place, teachers, **settings) -> LiveTeacher:
    settings = config(place, teachers, **settings)
    return load_teacher(settings, TaskData.load(settings))


def alone(place, name) -> np.ndarray:
    return load_classifier(str(place / name), LABELS, 9).logits(TEXTS)


@pytest.mark.parametrize(
    ("given", "weights"), [("", (1, 1, 1)), ("0.5,0.3,0.2", (5, 3, 2)), ("1,2,1", None)]
)
def test_logits_are_the_weighted_average(place, given, weights):
    teacher = load(place, "abc", teacher_weights=given)
    inputs = pad(encode_all(teacher.encoder, TEXTS), np.arange(len(TEXTS)))
    found = teacher.model.compute_outputs(inputs, training=False)
    expected = np.average(
        [alone(place, name) for name in "abc"], axis=0, weights=weights or (1, 2, 1)
    )
    assert list(found) == ["logits"]
    np.testing.assert_allclose(found["logits"], expected, rtol=0, atol=1e-5)
    low = teacher.model.with_precision("mixed_bfloat16")
    np.testing.assert_allclose(low(inputs), expected, rtol=0, atol=0.2)
    assert low.weights == teacher.model.weights


def test_teachers_that_read_alike_share_their_tokens(place):
    teacher = load(place, "abca")
    encoded = encode_all(teacher.encoder, TEXTS)
    a, b, c, again = encoded.parts
    assert a is b is again and a is not c
    assert not np.array_equal(a.token_ids, c.token_ids)
    assert len(encoded) == len(TEXTS)
    padded = pad(encoded, np.array([1, 2]))
    assert padded[0] is padded[1] and padded[0] is not padded[2]


def test_a_student_that_reads_as_a_teacher_shares_its_tokens(place):
    teacher = load(place, "ca")
    student = bert_of(teacher).encoder
    examples = Examples(TEXTS, None, np.int32([0, 1, 1, 0]))
    x, _ = training_batches(examples, student, 2, 0, teacher.encoder).first()
    assert isinstance(x["teacher"], tuple) and len(x["teacher"]) == 2
    np.testing.assert_array_equal(
        x["student"]["token_ids"], x["teacher"][0]["token_ids"]
    )
    assert not np.array_equal(*(each["token_ids"] for each in x["teacher"]))


@pytest.mark.slow
def test_a_whole_run_shows_each_teacher_and_their_average(place, tmp_path, capsys):
    settings = config(place, "ac", tmp_path / "run", teacher_weights="3,1")
    results = distill_tf.distill(settings)
    for row in ("teacher_1", "teacher_2", "teacher"):
        assert all(
            math.isfinite(results[row][name])
            for name in ("accuracy", "latency_ms_p50", "examples_per_second")
        )
    parts = [results[f"teacher_{i}"]["parameters"] for i in (1, 2)]
    assert results["teacher"]["parameters"] == sum(parts)
    table = capsys.readouterr().out
    headings = ("teacher_1", "teacher_2", "teacher", "student (kd)")
    positions = [table.index(f" {heading} ") for heading in headings]
    assert positions == sorted(positions)
    # Read from the folder again.
    again = distill_tf.distill(settings.replace(do_train=False))
    assert again["teacher"]["accuracy"] == results["teacher"]["accuracy"]
    # The student reads as the first one.
    student = distill_tf.load(tmp_path / "run")
    assert student.encoder.vocabulary.tokens == TOKENS


@pytest.mark.slow
def test_a_teacher_given_twice_teaches_as_once(place, tmp_path):
    results = []
    for teachers in ("a", "aa"):
        run = tmp_path / teachers
        distill_tf.distill(config(place, teachers, run, do_eval=False))
        results.append(distill_tf.load(run).logits(TEXTS))
    np.testing.assert_allclose(*results, rtol=0, atol=1e-5)


def test_teachers_of_other_sizes_and_a_vocabulary_of_the_students(place, tmp_path):
    small = {"num_hidden_layers": 1}
    weights = random_weights(4, CONFIG.__class__(**{**CONFIG.to_dict(), **small}), True)
    for name in ("output_weights", "output_bias"):
        weights[name] = weights[name][:2]
    write_google(tmp_path / "small", weights, "model.ckpt-1", google_config(**small))
    write_tokens(tmp_path / "vocab.txt", TOKENS[:20])
    distill_tf.distill(
        config(
            place,
            "a",
            tmp_path / "run",
            init_checkpoint_teacher=f"{place / 'a'}, {tmp_path / 'small'}",
            vocab_file=str(tmp_path / "vocab.txt"),
            do_lower_case=False,
            pooling_strategy="mean",
            do_eval=False,
        )
    )
    student = distill_tf.load(tmp_path / "run")
    assert student.model.config.vocab_size == 20
    assert not student.encoder.settings.do_lower_case
    assert student.model.pooling_strategy == "mean"


@pytest.mark.slow
def test_a_student_may_read_the_first_ones_tokens_in_another_case(place, tmp_path):
    distill_tf.distill(
        config(place, "ac", tmp_path / "run", do_lower_case=False, do_eval=False)
    )
    student = distill_tf.load(tmp_path / "run")
    assert student.encoder.vocabulary.tokens == TOKENS
    assert not student.encoder.settings.do_lower_case


@pytest.mark.slow
def test_regression(place, tmp_path):
    scores = ("0.5", "3.25", "5.0")
    teachers = [
        write_teacher(tmp_path / name, 1, seed) for seed, name in enumerate("xy")
    ]
    results = distill_tf.distill(
        config(
            place,
            "a",
            tmp_path / "run",
            task_name="sts-b",
            data_dir=write_pairs(tmp_path / "sts", ("train", "dev"), "score", scores),
            init_checkpoint_teacher=",".join(teachers),
        )
    )
    for row in ("teacher_1", "teacher_2", "teacher"):
        assert {"pearson", "spearman"} <= results[row].keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"method": "tinybert", "intermediate_distill": False},
        {"method": "tang", **AS_THE_TEACHER, "layer_list": "1,0"},
        {
            "method": "similarity",
            "model_type": "static",
            "student_tokenizer": "whitespace",
        },
    ],
    ids=["tinybert", "layers", "static"],
)
def test_what_asks_for_logits_alone_learns_from_several(place, tmp_path, settings):
    distill_tf.distill(config(place, "ac", tmp_path / "run", do_eval=False, **settings))
    assert distill_tf.load(tmp_path / "run").predict(["a ba"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tinybert"}, "give logits alone; .* or its second stage alone"),
        ({"method": "pkd_oneflow"}, "give logits alone; choose one of kd, tang"),
        (
            {
                "method": "factor_transfer",
                "model_type": "static",
                "student_tokenizer": "basic",
            },
            "needs hidden_states, which this teacher does not give, but only logits",
        ),
        ({"teacher_weights": "1,2,3"}, "teacher_weights should be 2 numbers above 0"),
        ({"teacher_weights": "1,0"}, "teacher_weights should be 2 numbers above 0"),
        ({"teacher_weights": "1,nan"}, "teacher_weights should be 2 numbers above 0"),
        ({"teacher_weights": "1;2"}, "but is '1;2'; correct it"),
        ({"bert_config_file": "x"}, "belongs to one checkpoint, but .* names 2"),
        ({"init_checkpoint_teacher": "a,,b"}, "is 'a,,b'; take the empty one out"),
        ({"init_checkpoint_teacher": "nowhere,b"}, "nowhere was expected to be"),
        ({"teacher_logits": "x.tsv"}, "both say who teaches; give only one"),
    ],
)
def test_mistakes(place, tmp_path, monkeypatch, settings, message):
    monkeypatch.chdir(place)
    with pytest.raises(DistillError, match=message):
        distill_tf.distill(config(place, "ac", tmp_path / "run", **settings))
    assert not (tmp_path / "run").exists()
