"""Method virt on real towers and a real cross-encoder."""

import numpy as np
import pytest
import tensorflow as tf
from tiny_towers import BERT
from tiny_towers import make_cross_encoder
from tiny_towers import make_pair_batches
from tiny_towers import make_pair_encoder
from tiny_towers import make_towers
from tiny_training import weights_by_path
from transformer_methods import stages_of

from distill_tf.config.distill import TOWER_TYPES
from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.methods.virt import virt
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer

LABELS = np.int32([2, 0, -1, 1, 1])
EVERYTHING = {
    "use_kd_logit_mse": True,
    "use_layer_distill": True,
    "use_contrast_self": True,
    "use_contrast_teacher_separately": True,
}


def make_distiller(student, teacher, batches, **settings):
    (stage,) = stages_of(
        virt,
        student_layers=BERT.num_hidden_layers,
        teacher_layers=teacher.config.num_hidden_layers,
        tower_tokens=make_pair_encoder().settings.max_tokens,
        model_type=student.config.interaction,
        **settings,
    )
    distiller = Distiller(student, stage.objectives, batches.first()[0], teacher)
    # Tracing takes longer than these few steps.
    distiller.compile(
        build_optimizer(0.01, "constant", 10, TrainingOptions()), run_eagerly=True
    )
    return distiller


@pytest.mark.parametrize("model_type", TOWER_TYPES)
def test_every_kind_of_towers_learns_and_the_teacher_stays(model_type):
    batches = make_pair_batches(LABELS)
    student, teacher = make_towers(model_type), make_cross_encoder()
    before = [weights_by_path(model.encoder) for model in (student, teacher)]
    distiller = make_distiller(student, teacher, batches, **EVERYTHING)
    history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history
    for objective in distiller.objectives:
        assert 1e-5 < history[objective.name][0] < 1e2, objective.name
    changed, same = (
        {
            path
            for path, weight in weights_by_path(model.encoder).items()
            if not np.array_equal(weight, old[path])
        }
        for model, old in zip((student, teacher), before, strict=True)
    )
    assert any("query_key_value" in path for path in changed)
    assert not same


def attention_loss(student, teacher, batches, **settings):
    distiller = make_distiller(student, teacher, batches, **settings)
    (objective,) = (o for o in distiller.objectives if o.name == "attention_map_loss")
    x, _ = batches.first()
    student_outputs = student.compute_outputs(x["student"], training=False)
    teacher_outputs = distiller.teacher_outputs(x)
    return objective.values(student_outputs, teacher_outputs, None, None).numpy()


def same_start(layers):
    """Towers with a cross-encoder's weights, for both of which words are all."""
    teacher, student = make_cross_encoder(layers), make_towers("sbert")
    embeddings = teacher.encoder.embeddings
    embeddings.position_embeddings.assign(embeddings.position_embeddings * 0)
    embeddings.token_type_embeddings.assign(embeddings.token_type_embeddings * 0)
    student.encoder.set_weights(teacher.encoder.get_weights())
    return student, teacher


def test_it_is_zero_where_the_towers_attention_is_the_teachers():
    # The first layer sees each word by itself, the second one in its context.
    student, teacher = same_start(layers=2)
    first = attention_loss(student, teacher, make_pair_batches(LABELS), layer_map="1:1")
    second = attention_loss(
        student, teacher, make_pair_batches(LABELS), layer_map="2:2"
    )
    np.testing.assert_allclose(first, 0, atol=1e-12)
    assert second.max() > 1e-4


def test_padding_to_full_length_changes_nothing():
    student, teacher = make_towers("late_fusion"), make_cross_encoder()
    short, full = (
        attention_loss(student, teacher, make_pair_batches(LABELS, pads_to_max))
        for pads_to_max in (False, True)
    )
    np.testing.assert_allclose(short, full, rtol=1e-4)
    assert short.min() > 1e-5


def test_strictly_it_needs_full_length_and_differs():
    student, teacher = make_towers("late_fusion"), make_cross_encoder()
    with pytest.raises(DistillError, match="must be padded"):
        attention_loss(student, teacher, make_pair_batches(LABELS), strict_virt=True)
    strict = attention_loss(
        student, teacher, make_pair_batches(LABELS, True), strict_virt=True
    )
    default = attention_loss(student, teacher, make_pair_batches(LABELS, True))
    assert not np.allclose(strict, default, rtol=1e-2)


def test_a_teacher_of_the_standard_layout_is_refused():
    settings = TextSettings(do_lower_case=True, max_seq_length=19)
    vocabulary = Vocabulary(make_pair_encoder().vocabulary.tokens)
    standard = TextEncoder.from_settings(vocabulary, settings)
    batches = make_pair_batches(LABELS, teacher_encoder=standard)
    with pytest.raises(DistillError, match="--input_layout=bipartite"):
        make_distiller(make_towers("col"), make_cross_encoder(), batches)


def test_only_the_student_gets_a_gradient():
    batches = make_pair_batches(LABELS)
    student, teacher = make_towers("sbert"), make_cross_encoder()
    distiller = make_distiller(student, teacher, batches, **EVERYTHING)
    x, y = batches.first()
    with tf.GradientTape() as tape:
        tape.watch([w.value for w in teacher.trainable_weights])
        loss = distiller.compute_loss(x=x, y=y, y_pred=distiller(x))
    gradients = tape.gradient(
        loss,
        [[w.value for w in model.trainable_weights] for model in (student, teacher)],
    )
    assert any(gradient is not None for gradient in gradients[0])
    assert all(gradient is None for gradient in gradients[1])


def test_it_learns_a_number():
    batches = make_pair_batches(np.float32([0.5, 4.25, np.nan, 3.0, 1.75]))
    student = make_towers("late_fusion", num_classes=1)
    teacher = make_cross_encoder(num_classes=1)
    distiller = make_distiller(student, teacher, batches, regression=True)
    history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history
    assert {"label_loss", "attention_map_loss"} <= history.keys()
    for objective in distiller.objectives:
        assert 1e-6 < history[objective.name][0] < 1e3, objective.name
