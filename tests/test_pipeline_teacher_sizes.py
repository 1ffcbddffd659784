"""What a student of the teacher's kind takes from it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tiny_bert import CONFIG

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.pipeline.teacher_sizes import with_student_sizes
from distill_tf.pipeline.teacher_sizes import with_teacher_sizes

TEACHER = replace(CONFIG, num_hidden_layers=12)


def sizes(**settings):
    """Layers, widths and start."""
    config = with_teacher_sizes(DistillConfig(**settings), TEACHER)
    return (
        config.student_num_hidden_layers,
        (
            config.student_hidden_size,
            config.student_num_attention_heads,
            config.student_intermediate_size,
        ),
        config.layer_list,
    )


OWN = (12, 3, 20)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (3, OWN, "0,1,2")),
        ({"layer_list": "2,6,10"}, (3, OWN, "2,6,10")),
        ({"layer_list": "1,10"}, (2, OWN, "1,10")),
        ({"student_num_hidden_layers": 2}, (2, OWN, "0,1")),
        ({"from_scratch": True}, (3, OWN, "")),
        ({"from_scratch": True, "student_num_hidden_layers": 13}, (13, OWN, "")),
        ({"init_checkpoint_student": "there"}, (3, OWN, "")),
        ({"student_hidden_size": 6}, (3, (6, 3, 20), "0,1,2")),
    ],
    ids=str,
)
def test_layers_of_a_bert_pkd(settings, expected):
    assert sizes(model_type="bert_pkd", **settings) == expected


@pytest.mark.parametrize(
    ("settings", "layers", "start"),
    [
        ({}, 6, "0,1,2,3,4,5"),
        ({"compress_ratio": 4}, 3, "0,1,2"),
        ({"compress_ratio": 4, "layer_list": "2,6,10"}, 3, "2,6,10"),
        ({"compress_ratio": 4, "student_num_hidden_layers": 3}, 3, "0,1,2"),
        ({"student_num_hidden_layers": 5}, 5, "0,1,2,3,4"),
        ({"layer_list": "3,8"}, 2, "3,8"),
    ],
    ids=str,
)
def test_layers_of_a_theseus(settings, layers, start):
    assert sizes(model_type="theseus", **settings) == (layers, OWN, start)


@pytest.mark.parametrize(
    "settings",
    [
        {"model_type": "bert_pkd"},
        {"model_type": "bert_pkd", "layer_list": "1,10"},
        {"model_type": "bert_pkd", "from_scratch": True},
        {"model_type": "bert_pkd", "init_checkpoint_student": "there"},
        {"model_type": "bert_pkd", "student_hidden_size": 6},
        {"model_type": "theseus", "compress_ratio": 4},
    ],
    ids=str,
)
def test_a_finished_student_tells_what_its_teacher_would(settings):
    expected = with_teacher_sizes(DistillConfig(**settings), TEACHER)
    bert = replace(
        TEACHER,
        num_hidden_layers=expected.student_num_hidden_layers,
        hidden_size=expected.student_hidden_size,
    )
    student = SimpleNamespace(model=SimpleNamespace(config=bert))
    assert with_student_sizes(DistillConfig(**settings), student) == expected


def test_a_finished_student_of_two_towers_tells_its_sizes():
    towers = SimpleNamespace(bert=TEACHER)
    student = SimpleNamespace(model=SimpleNamespace(config=towers))
    config = with_student_sizes(DistillConfig(model_type="late_fusion"), student)
    assert (config.student_num_hidden_layers, config.student_hidden_size) == (12, 12)


@pytest.mark.parametrize("model_type", ["tinybert", "bilstm", "static"])
def test_other_students_stay_as_they_are(model_type):
    config = DistillConfig(model_type=model_type)
    assert with_teacher_sizes(config, TEACHER) is config


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"compress_ratio": 5},
            "5, which does not divide the teacher's 12 layers; set",
        ),
        (
            {"compress_ratio": 4, "student_num_hidden_layers": 6},
            "compress_ratio=4 gives 3 layers, but 6 are asked for; leave out",
        ),
        ({"student_num_hidden_layers": 13}, "13 layers, more than the teacher's 12"),
    ],
    ids=str,
)
def test_numbers_that_contradict_each_other(settings, sentence):
    with pytest.raises(DistillError, match=sentence):
        sizes(model_type="theseus", **settings)


def test_more_layers_than_there_are_to_start_from():
    with pytest.raises(DistillError, match="13 layers, more than the teacher's 12"):
        sizes(model_type="bert_pkd", student_num_hidden_layers=13)
