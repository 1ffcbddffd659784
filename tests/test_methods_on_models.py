"""The transformer methods on real models: every stage builds, trains and fits."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier
from transformer_methods import stages_of

from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.methods.distilbert import distilbert
from distill_tf.methods.minilm import minilm
from distill_tf.methods.pkd import pkd
from distill_tf.methods.pkd_oneflow import pkd_oneflow
from distill_tf.methods.tinybert_oneflow import tinybert_oneflow
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer

LABELS = np.int32([2, 0, -1, 1, 1, 2])
# Width 6 learns from 12; in 3 heads each unless it is said.
OTHER_HEADS = {"num_attention_heads": 4}


def distillers(method, teacher_changes, settings):
    batches = make_batches(LABELS)
    teacher = make_classifier(replace(TEACHER, **teacher_changes), seed=2)
    student = make_classifier(STUDENT, seed=1)
    for stage in stages_of(method, student_layers=2, teacher_layers=3, **settings):
        distiller = Distiller(
            student, stage.objectives, batches.first()[0], teacher, name="distiller"
        )
        # Tracing takes longer than these few steps.
        distiller.compile(
            build_optimizer(0.01, "constant", 10, TrainingOptions()), run_eagerly=True
        )
        yield distiller, batches


@pytest.mark.parametrize(
    ("method", "teacher", "settings"),
    [
        (pkd, {}, {"hidden_projection": "per_layer", "pkd_strategy": "last"}),
        (pkd, {"hidden_size": 6}, {}),
        (pkd_oneflow, OTHER_HEADS, {}),
        (tinybert_oneflow, {}, {}),
        (tinybert_oneflow, OTHER_HEADS, {"attention_heads": "mean"}),
        (minilm, OTHER_HEADS, {}),
        (minilm, {}, {"minilm_version": "v1"}),
        (minilm, OTHER_HEADS, {"minilm_version": "v1", "attention_heads": "mean"}),
        (distilbert, OTHER_HEADS, {}),
        (distilbert, {"hidden_size": 6}, {}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_objective_has_a_value_and_trains(method, teacher, settings):
    for distiller, batches in distillers(method, teacher, settings):
        maps = [v for p in distiller.projections.values() for v in p.variables]
        embeddings = distiller.student.encoder.embeddings.variables
        before = [variable.numpy() for variable in (*maps, *embeddings)]
        history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history
        for objective in distiller.objectives:
            assert 1e-6 < history[objective.name][0] < 1e3, objective.name
        for variable, old in zip((*maps, *embeddings), before, strict=True):
            if "seed" not in variable.path:
                assert not np.array_equal(variable, old), variable.path


@pytest.mark.parametrize(
    ("method", "teacher", "settings", "message"),
    [
        (pkd, {}, {}, "width 6 with 12; .*hidden_projection=shared"),
        (
            distilbert,
            {},
            {"hidden_projection": "none"},
            "width 6 with 12; .*hidden_projection=shared",
        ),
        (
            minilm,
            OTHER_HEADS,
            {"minilm_version": "v1"},
            "student has 3 and the teacher 4; .*attention_heads=mean",
        ),
        (
            minilm,
            {},
            {"minilm_relation_heads": 4},
            "width 6 and the teacher's 12 into 4 .*minilm_relation_heads=3",
        ),
    ],
)
def test_models_that_do_not_fit_are_refused(method, teacher, settings, message):
    with pytest.raises(DistillError, match=message):
        next(distillers(method, teacher, settings))


def test_a_student_without_attention_is_told_so():
    class WithoutInsides:
        dtype_policy = keras.DTypePolicy("float32")

        def compute_outputs(self, inputs, training=None):
            mask = inputs["padding_mask"]
            logits = np.zeros((len(mask), 3), np.float32)
            return {"logits": logits, "padding_mask": mask}

    sample = make_batches(LABELS).first()[0]
    for method, feature in ((pkd, "first_token_states"), (minilm, "queries")):
        stage = stages_of(method, student_layers=2, teacher_layers=3)[0]
        objective = next(o for o in stage.objectives if hasattr(o, "feature"))
        outputs = [
            model.compute_outputs(sample["student"])
            for model in (WithoutInsides(), make_classifier(TEACHER))
        ]
        with pytest.raises(DistillError, match=f"needs {feature}, which this student"):
            objective.validate(*outputs)
