"""The similarity objective: what it compares and what it refuses."""

import numpy as np
import pytest
import reference

from distill_tf.errors import DistillError
from distill_tf.objectives import SimilarityObjective

BATCH = 3


def make_outputs(seed, width, classes=2):
    generator = np.random.default_rng(seed)
    return {
        "features": generator.normal(size=(BATCH, width)).astype(np.float32),
        "logits": generator.normal(size=(BATCH, classes)).astype(np.float32),
    }


STUDENT, TEACHER = make_outputs(0, width=5), make_outputs(1, width=8)


def objective(feature):
    return SimilarityObjective(name="similarity_loss", weight=2.0, feature=feature)


@pytest.mark.parametrize("feature", ["logits", "features"])
def test_the_chosen_output_is_compared(feature):
    chosen = objective(feature)
    chosen.validate(STUDENT, TEACHER)
    expected = reference.similarity_distance(STUDENT[feature], TEACHER[feature])
    np.testing.assert_allclose(
        chosen.values(STUDENT, TEACHER, None, None), expected, rtol=1e-5
    )
    assert chosen.describe() == f"2 x similarity_loss ({feature})"
    assert chosen.needs_teacher
    assert chosen.counted(np.array([0, -1, 1])) is None
    assert chosen.build_projection(STUDENT, TEACHER, "float32") is None


def test_a_regression_has_features_alone():
    outputs = make_outputs(2, width=5, classes=1), make_outputs(3, width=8, classes=1)
    objective("features").validate(*outputs)
    with pytest.raises(DistillError, match="one number an example.*compare features"):
        objective("logits").validate(*outputs)


@pytest.mark.parametrize("owner", ["student", "teacher"])
def test_a_model_without_features_is_refused(owner):
    outputs = {"student": STUDENT, "teacher": TEACHER}
    outputs[owner] = {"logits": outputs[owner]["logits"]}
    with pytest.raises(DistillError, match=f"needs features, which this {owner} does"):
        objective("features").validate(**outputs)


def test_an_unknown_feature_is_refused():
    with pytest.raises(ValueError, match="one of .*features.*, but is 'gates'"):
        objective("gates")
