"""Students of two towers: what they start from, how they read, whole runs."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import google_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_tokens
from tiny_runs import QUICK
from tiny_runs import write_pairs
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.distill import distill
from distill_tf.pipeline.students.towers import tower_student
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.tasks import Examples

NO_EXAMPLES = Examples([], [], None)
PAIRS = LabelSet(("0", "1"), is_pair=True)
BIPARTITE = TextLayout("bipartite", 6, 8)
TYPES = pytest.mark.parametrize("model_type", TOWER_TYPES)


def tower_config(**settings) -> DistillConfig:
    settings = {"method": "kd", "learning_rate": 1e-3, **settings}
    return DistillConfig(**{**QUICK, "model_type": "late_fusion", **settings})


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    path = write_teacher(tmp_path_factory.mktemp("teacher"))
    return load_classifier(path, PAIRS, 9, layout=BIPARTITE, pooling_strategy="mean")


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    """Settings of a task of pairs with a teacher."""
    folder = tmp_path_factory.mktemp("task")
    labels = ("entailment", "not_entailment")
    return {
        "task_name": "rte",
        "data_dir": write_pairs(folder / "RTE", ("train", "dev"), "label", labels),
        "init_checkpoint_teacher": write_teacher(folder / "teacher"),
        "max_seq_length": 15,
    }


def build(*teachers, **settings):
    teacher = LiveTeacher(teachers)
    student = tower_student(tower_config(**settings), teacher, NO_EXAMPLES)
    return student.build("float32")


@TYPES
def test_towers_start_from_the_teacher(teacher, model_type):
    model = build(teacher, model_type=model_type).model
    found, expected = named_weights(model.encoder), named_weights(teacher.model)
    layers = 1 if model_type == "deformer" else 2
    assert model.config.tower.num_hidden_layers == layers
    for name, weight in found.items():
        np.testing.assert_array_equal(weight, expected[name])
    assert model.config.residual_head == (model_type == "late_fusion")


def test_a_deformers_joint_layer_is_the_last_one(teacher):
    model = build(teacher, model_type="deformer").model
    joint = model.interaction.joint_layer.get_weights()
    last = teacher.model.encoder.transformer_layers[1].get_weights()
    for found, expected in zip(joint, last, strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("settings", "layer"),
    [({"student_num_hidden_layers": 1}, 0), ({"layer_list": "1"}, 1)],
)
def test_fewer_layers(teacher, settings, layer):
    model = build(teacher, **settings).model
    assert model.config.bert == replace(teacher.model.config, num_hidden_layers=1)
    name = "bert/encoder/layer_{}/intermediate/dense/kernel"
    found = named_weights(model.encoder)[name.format(0)]
    expected = named_weights(teacher.model)[name.format(layer)]
    np.testing.assert_array_equal(found, expected)


def test_a_checkpoint_of_its_own(teacher, tmp_path):
    config = replace(CONFIG, num_hidden_layers=3)
    weights = random_weights(7, config)
    path = write_google(tmp_path, weights, config=google_config(config))
    model = build(teacher, init_checkpoint_student=str(path)).model
    found = named_weights(model.encoder)
    assert found.keys() == weights.keys()
    for name, weight in found.items():
        np.testing.assert_array_equal(weight, weights[name])


def test_tokens_stand_as_in_a_bipartite_teacher(teacher):
    settings = build(teacher).encoder.settings
    assert settings == replace(teacher.encoder.settings, layout="towers")
    assert settings.max_tokens == (4, 6)


def test_beside_a_teacher_of_berts_layout_the_lengths_are_configured(tmp_path):
    teacher = load_classifier(write_teacher(tmp_path), PAIRS, 13)
    assert build(teacher, max_seq_length=13).encoder.settings.max_tokens == (5, 5)
    given = build(teacher, max_seq_length_query=4, strict_virt=True).encoder.settings
    assert given.max_tokens == (2, 3)
    assert given.pads_to_max


def test_towers_longer_than_the_teachers_positions(tmp_path):
    teacher = load_classifier(write_teacher(tmp_path), PAIRS, 13)
    assert build(teacher, max_seq_length_doc=19).encoder.settings.max_tokens[1] == 17
    with pytest.raises(
        DistillError, match="have 20 tokens, but .* 19 positions; .*max_seq_length_doc"
    ):
        build(teacher, max_seq_length_doc=20)


def test_the_students_pooling_is_not_its_teachers(task, tmp_path):
    """A folder of a run keeps its own, a bare checkpoint takes the flag."""
    config = tower_config(**task, pooling_strategy="mean")
    data = TaskData.load(config)

    def pooling(checkpoint):
        changed = config.replace(init_checkpoint_teacher=str(checkpoint))
        return load_teacher(changed, data).model.pooling_strategy

    assert pooling(task["init_checkpoint_teacher"]) == "mean"
    cls = load_classifier(task["init_checkpoint_teacher"], data.labels, 15)
    cls.save(tmp_path / "run")
    assert pooling(tmp_path / "run") == "cls"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"student_hidden_size": 6}, "student_hidden_size is 6, but .* has 12"),
        (
            {"model_type": "deformer", "student_num_hidden_layers": 1},
            "a deformer needs at least 2 layers",
        ),
        ({"layer_list": "0,2"}, "the teacher has layers 0 to 1"),
        (
            {"model_type": "col", "use_resnet_predict": True},
            "which a col does not have; leave it out",
        ),
    ],
)
def test_what_does_not_fit_is_refused(teacher, settings, message):
    with pytest.raises(DistillError, match=message):
        build(teacher, **settings)


def test_single_texts_are_refused(tmp_path):
    labels = LabelSet(("0", "1"), is_pair=False)
    teacher = load_classifier(write_teacher(tmp_path), labels, 9)
    with pytest.raises(DistillError, match="late_fusion encodes two texts"):
        build(teacher)
    with pytest.raises(DistillError, match="bipartite is for pairs"):
        load_classifier(write_teacher(tmp_path), labels, 9, layout=BIPARTITE)


RUNS = [
    pytest.param(model_type, "bipartite", "kd", marks=pytest.mark.slow)
    for model_type in TOWER_TYPES
]


@pytest.mark.parametrize(
    ("model_type", "input_layout", "method"),
    [
        *RUNS,
        ("late_fusion", "bert", "kd"),
        pytest.param("sbert", "bipartite", "none", marks=pytest.mark.slow),
    ],
)
def test_whole_runs(task, tmp_path, model_type, input_layout, method):
    results = distill(
        tower_config(
            **task,
            model_type=model_type,
            method=method,
            input_layout=input_layout,
            pooling_strategy="mean",
            output_dir=str(tmp_path / "run"),
        )
    )
    assert 0 <= results["accuracy"] <= 1
    assert results["flops_per_example"] > 0
    predictor = distill_tf.load(tmp_path / "run")
    assert predictor.encoder.settings.layout == "towers"
    assert predictor.encoder.settings.row_lengths == (8, 8)
    texts = ["a ba", "c d", "efg"], ["a", "c d efg a", "ba"]
    together = predictor.predict(*texts)
    alone = [predictor.predict([a], [b])[0] for a, b in zip(*texts, strict=True)]
    for one, same in zip(alone, together, strict=True):
        assert one.label == same.label
        assert one.score == pytest.approx(same.score, abs=1e-5)


def test_a_bipartite_teachers_folder_keeps_its_layout(teacher, tmp_path):
    teacher.save(tmp_path)
    again = load_classifier(str(tmp_path), PAIRS, 19)
    assert again.encoder.settings == teacher.encoder.settings
    assert again.model.pooling_strategy == "mean"
    changed = load_classifier(
        str(tmp_path), PAIRS, 19, layout=TextLayout(max_seq_length_doc=5)
    )
    assert changed.encoder.settings.max_tokens == (4, 3)
    texts = ["a b", "c d e f g a"], ["a", "a b c d e f g a b"]
    np.testing.assert_allclose(
        again.logits(*texts), teacher.logits(*texts), rtol=0, atol=1e-6
    )
    alone = np.concatenate(
        [teacher.logits([a], [b]) for a, b in zip(*texts, strict=True)]
    )
    np.testing.assert_allclose(teacher.logits(*texts), alone, rtol=1e-5, atol=1e-5)


def test_casing_and_vocabulary_are_the_students_beside_several_teachers(
    teacher, tmp_path
):
    """As for every kind of student: they are no longer a single teacher's."""
    cased = build(teacher, teacher, do_lower_case=False).encoder
    assert not cased.settings.do_lower_case
    assert cased.vocabulary is teacher.encoder.vocabulary
    write_tokens(tmp_path / "vocab.txt", TOKENS[:20])
    own = {"vocab_file": str(tmp_path / "vocab.txt")}
    with pytest.raises(DistillError, match="none teaches whose pieces it reads"):
        build(teacher, teacher, **own)
    start = {"init_checkpoint_student": write_teacher(tmp_path / "start")}
    encoder = build(teacher, teacher, **own, **start).encoder
    assert len(encoder.vocabulary) == 20
