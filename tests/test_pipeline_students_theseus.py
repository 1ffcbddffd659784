"""A theseus, made from its teacher."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_runs import OF_THE_TEACHER
from tiny_runs import distill_config
from tiny_training import make_classifier
from tiny_training import make_inputs

from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.replacement import Replacement
from distill_tf.models.theseus_classifier import TheseusClassifier
from distill_tf.pipeline.students.theseus import theseus_student
from distill_tf.pipeline.teacher_sizes import with_teacher_sizes
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

NO_EXAMPLES = Examples([], None, None)
INPUTS = make_inputs()
ENCODER = TextEncoder.from_settings(
    Vocabulary(TOKENS), TextSettings(do_lower_case=True, max_seq_length=9)
)


@pytest.fixture(scope="module")
def teacher():
    model = make_classifier(replace(CONFIG, num_hidden_layers=5), 2, seed=4)
    return Predictor(model, ENCODER, LabelSet(("0", "1"), is_pair=False))


def make_student(teacher, **settings):
    settings = {"model_type": "theseus", "method": "theseus", **settings}
    config = distill_config(**{**OF_THE_TEACHER, **settings})
    config = with_teacher_sizes(config, teacher.model.config)
    return theseus_student(config, LiveTeacher([teacher]), NO_EXAMPLES)


def build(teacher, **settings):
    settings = {"student_num_hidden_layers": 3, **settings}
    return make_student(teacher, **settings).build("float32").model


def test_the_teachers_first_layers_and_all_that_is_no_layer(teacher):
    theseus = build(teacher)
    assert isinstance(theseus, TheseusClassifier)
    weights = named_weights(teacher.model)
    found = named_weights(theseus.successor)
    kept = {n for n in weights if "layer_3" not in n and "layer_4" not in n}
    assert found.keys() == kept
    for name, weight in found.items():
        np.testing.assert_array_equal(weight, weights[name])


def test_chosen_layers(teacher):
    found = named_weights(build(teacher, layer_list="1,4,2").successor)
    kernel = "bert/encoder/layer_{}/output/dense/kernel"
    expected = named_weights(teacher.model)[kernel.format(4)]
    np.testing.assert_array_equal(found[kernel.format(1)], expected)


def test_modules_of_the_predecessor_are_the_whole_of_it(teacher):
    """Five layers as three modules; without dropout, so that outputs compare."""
    model = teacher.model
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    copy = BertClassifier(replace(model.config, **still), 2)
    copy.set_weights(model.get_weights())
    quiet = Predictor(copy, ENCODER, teacher.labels)
    theseus = build(quiet, replace_prob=0.0)
    found = theseus.compute_outputs(INPUTS, training=True)["logits"]
    expected = copy.compute_outputs(INPUTS, training=False)["logits"]
    np.testing.assert_array_equal(found, expected)


def test_the_head_stays_on_the_vectors_that_it_was_trained_on(teacher):
    assert build(teacher, pooling_strategy="cls").successor.pooling_strategy == "cls"
    with pytest.raises(DistillError, match="stands on pooling_strategy=cls, but mean"):
        build(teacher, pooling_strategy="mean")


@pytest.mark.parametrize("embeddings", [None, False, True])
@pytest.mark.parametrize("head", [False, True])
def test_what_trains(teacher, embeddings, head):
    theseus = build(teacher, train_embeddings=embeddings, train_head=head)
    successor = theseus.successor
    trained = {id(v) for v in theseus.trainable_variables}
    for owner, expected in (
        (successor.encoder.embeddings, bool(embeddings)),
        (successor.encoder.pooler, head),
        (successor.output_dense, head),
        *((layer, True) for layer in successor.encoder.transformer_layers),
    ):
        own = {id(v) for v in owner.weights}
        assert own <= trained if expected else not own & trained


def test_the_finished_classifier_is_plain_and_trains_whole(teacher):
    student = make_student(teacher, student_num_hidden_layers=2)
    trained = student.build("mixed_bfloat16")
    finished = student.finish(trained)
    assert finished.model is trained.model.successor
    plain = finished.with_precision("float32").model
    assert type(plain) is BertClassifier
    assert len(plain.trainable_variables) == len(plain.weights)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, Replacement(start=0.5)),
        (
            {"replace_prob": 0.3, "scheduler_linear_k": 6e-4},
            Replacement(start=0.3, linear_k=6e-4),
        ),
        ({"steps_for_replacing": 2500}, Replacement(start=0.5, steps=2500)),
    ],
    ids=str,
)
def test_schedules(teacher, settings, expected):
    assert build(teacher, **settings).replacement == expected


def test_method_none_is_the_same_bert_alone(teacher):
    model = build(teacher, method="none")
    assert type(model) is BertClassifier
    layers = sum(len(x.weights) for x in model.encoder.transformer_layers)
    assert len(model.trainable_variables) == layers < len(model.weights)
    whole = {"train_embeddings": True, "train_head": True}
    for settings in (whole, {"from_scratch": True}):
        model = build(teacher, method="none", **settings)
        assert len(model.trainable_variables) == len(model.weights)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"from_scratch": True}, "shares; leave out init_checkpoint_student and"),
        ({"init_checkpoint_student": "there"}, "shares; leave out init_checkpoint"),
        (
            {"scheduler_linear_k": 0.1, "steps_for_replacing": 5},
            "rise and steps_for_replacing lets it jump; give only one",
        ),
        ({"student_hidden_size": 6}, "student_hidden_size is 6, but .* has 12; set"),
    ],
    ids=str,
)
def test_what_a_theseus_cannot_be(teacher, settings, sentence):
    with pytest.raises(DistillError, match=sentence):
        build(teacher, **settings)


def test_a_teacher_that_is_no_bert(teacher):
    class Other:
        config = teacher.model.config

    with pytest.raises(DistillError, match="runs the teacher's layers one by one"):
        build(Predictor(Other(), None, teacher.labels))
