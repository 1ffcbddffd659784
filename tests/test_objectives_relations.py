"""Relation objectives: what they compare, and how many relation heads they take."""

import numpy as np
import pytest
import reference_layers

from distill_tf.errors import DistillError
from distill_tf.objectives.relations import RelationObjective

MASK = np.arange(5) < np.array([5, 2, 4])[:, None]


def make_outputs(seed, layers, heads, head_size, mask=MASK):
    rng = np.random.default_rng(seed)
    shape = (layers, 3, heads, 5, head_size)
    vectors = {
        name: list(rng.normal(size=shape).astype(np.float32))
        for name in ("queries", "keys", "values")
    }
    return {**vectors, "padding_mask": mask}


# Widths 18 and 24, which 1, 2, 3 and 6 divide.
STUDENT = make_outputs(1, layers=2, heads=2, head_size=9)
TEACHER = make_outputs(2, layers=4, heads=4, head_size=6)


def objective(**changes):
    settings = {"name": "relation_loss", "feature": "keys", "layers": (1, 2)}
    return RelationObjective(**{**settings, **changes})


@pytest.mark.parametrize("feature", ["queries", "keys", "values"])
@pytest.mark.parametrize(("relation_heads", "taken"), [(2, 2), (3, 3), (None, 6)])
def test_one_layer_of_each_is_compared(feature, relation_heads, taken):
    compared = objective(feature=feature, relation_heads=relation_heads)
    compared.validate(STUDENT, TEACHER)
    expected = reference_layers.relation_kl(
        STUDENT[feature][1], TEACHER[feature][2], MASK, taken
    )
    values = compared.values(STUDENT, TEACHER, None, None)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_by_default_there_are_48_relation_heads_at_most():
    outputs = [make_outputs(seed, 1, 2, 48) for seed in (1, 2)]
    expected = reference_layers.relation_kl(
        *(x["keys"][0] for x in outputs), MASK, relation_heads=48
    )
    values = objective(layers=(0, 0)).values(*outputs, None, None)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


@pytest.mark.parametrize(("heads", "instead"), [(4, 3), (9, 6), (100, 6)])
def test_heads_that_do_not_divide_both_widths_are_refused(heads, instead):
    with pytest.raises(
        DistillError,
        match=f"width 18 and the teacher's 24 into {heads} .*heads={instead}",
    ):
        objective(relation_heads=heads).validate(STUDENT, TEACHER)


@pytest.mark.parametrize("owner", ["student", "teacher"])
def test_a_model_without_them_is_refused(owner):
    models = {"student": STUDENT, "teacher": TEACHER}
    models[owner] = {k: v for k, v in models[owner].items() if k != "keys"}
    with pytest.raises(DistillError, match=f"needs keys, which this {owner}"):
        objective().validate(**models)


def test_it_compares_tokens():
    assert objective().compares_tokens


def test_the_description_names_the_layers():
    assert objective(weight=0.5).describe() == (
        "0.5 x relation_loss (keys, student:teacher 1:2)"
    )


def test_an_unknown_feature_is_refused():
    with pytest.raises(ValueError, match="one of .*values.*, but is 'hidden_states'"):
        objective(feature="hidden_states")
