"""Every method learns the same from stored outputs as from the teacher itself."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_cache import cached
from tiny_cache import only
from tiny_towers import make_cross_encoder
from tiny_towers import make_pair_batches
from tiny_towers import make_towers
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier

from distill_tf.config import DistillConfig
from distill_tf.methods import METHODS
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.training.distiller import Distiller

LABELS = np.int32([2, 0, -1, 1, 1, 2, -1])
PAIR_LABELS = LABELS[:5]
OTHERS = {
    "minilm v1": {
        "method": "minilm",
        "minilm_version": "v1",
        "attention_heads": "mean",
    },
    "tinybert per layer": {"method": "tinybert", "hidden_projection": "per_layer"},
    "similarity of features": {
        "method": "similarity",
        "similarity_feature": "features",
    },
    "virt": {
        "method": "virt",
        "model_type": "sbert",
        "use_kd_logit_mse": True,
        "use_layer_distill": True,
        "use_contrast_teacher_separately": True,
    },
    "dkd": {
        "method": "kd",
        "kd_loss": "dkd",
        "temperature": 2.0,
        "temperature_schedule": "linear_decay",
    },
}
# Theseus asks no teacher, but runs its layers.
SETTINGS = {
    **{name: {"method": name} for name in METHODS if name != "theseus"},
    **OTHERS,
}
# With this the widths of student and teacher may differ.
PROJECTION = {"pkd": "shared", "distilbert": "shared", "pkd_oneflow": None}


def stages_of(settings):
    projection = PROJECTION.get(settings["method"])
    config = DistillConfig(
        **{
            "hidden_projection": projection,
            "num_train_epochs": 1.0,
            "intermediate_epochs": 1.0,
            "learning_rate": 1e-3,
            "intermediate_learning_rate": 1e-3,
            "student_num_attention_heads": 3,
            **settings,
        }
    )
    sizes = Sizes(
        student_layers=2,
        teacher_layers=3,
        regression=False,
        tower_tokens=(7, 9) if config.model_type == "sbert" else None,
    )
    return build_stages(config, sizes)


def models_and_batches(settings):
    """Student, teacher, and batches that both read."""
    if settings["method"] == "virt":
        batches = make_pair_batches(PAIR_LABELS)
        return make_towers("sbert"), make_cross_encoder(layers=3), batches
    student = make_classifier(STUDENT, seed=1)
    return student, make_classifier(TEACHER, seed=2), make_batches(LABELS)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_method_reads_what_it_says_and_no_more(settings, tmp_path):
    student, teacher, batches = models_and_batches(settings)
    for stage in stages_of(settings):
        if not stage.needs_teacher:
            assert stage.teacher_features == {}
            continue
        features = stage.teacher_features
        x, y = batches.first()
        keras.utils.set_random_seed(5)
        live = Distiller(student, stage.objectives, x, teacher)
        outputs = live(x, training=False)
        expected = live.compute_loss(x, y, outputs)
        said = only(features, live.teacher_outputs(x))

        known = {**x, "teacher_outputs": said}
        keras.utils.set_random_seed(5)
        without = Distiller(student, stage.objectives, known)
        np.testing.assert_array_equal(without.compute_loss(known, y, outputs), expected)

        from_disk, _ = cached(tmp_path, batches, teacher, features)
        stored = batches.with_teacher_outputs(from_disk)
        assert_batches_teach_the_same(without, live, stored, teacher)


def assert_batches_teach_the_same(distiller, live, stored, teacher):
    """As a step is traced, when sizes of batches and texts are not known."""
    dataset = stored.epoch(0)
    loss = tf.function(
        lambda x, y: distiller.compute_loss(x, y, distiller(x, training=False)),
        input_signature=dataset.element_spec,
    )
    for x, y in dataset:
        read = stored.teacher_inputs(x["example_ids"].numpy())
        asking = {"student": x["student"], "teacher": read}
        expected = live.compute_loss(asking, y, live(asking, training=False))
        # Hidden states and scores are rounded to bfloat16.
        assert float(loss(x, y)) == pytest.approx(float(expected), rel=0.02, abs=1e-3)
