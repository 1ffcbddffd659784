"""What every loss promises, checked for each against the NumPy reference."""

import ml_dtypes
import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf import losses

BATCH, HEADS, LENGTH, WIDTH, CLASSES = 3, 2, 5, 4, 6
LABELS = np.array([5, -1, 0], np.int32)
MASK = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 1, 0], [0, 0, 1, 0, 1]], bool)


def _targets(kind, rng):
    if kind == "class":
        return LABELS
    if kind == "regression":
        return rng.normal(size=BATCH)
    return None


class Case:
    """A loss with inputs: a student tensor, and what it is compared with."""

    def __init__(
        self, name, shape, target="tensor", masked=False, labelled=False, **options
    ):
        rng = np.random.default_rng(7)
        self.student = rng.normal(size=shape)
        labels = _targets(target, rng)
        self.target = rng.normal(size=shape) if labels is None else labels
        self.has_teacher = target == "tensor"
        self.masked = masked
        # What the loss takes beside student and teacher.
        self.extra = (MASK,) * masked + (LABELS,) * labelled
        self.options = options
        self.id = "-".join(
            [name, *(f"{key}={value}" for key, value in options.items())]
        )
        self._function = getattr(losses, name)
        self._reference = getattr(reference, name)

    def __call__(self, student, target, *extra):
        return self._function(student, target, *extra, **self.options)

    def reference(self, student, target, *extra):
        return self._reference(student, target, *extra, **self.options)


LOGITS = (BATCH, CLASSES)
ATTENTION = (BATCH, HEADS, LENGTH, LENGTH)
TINYBERT = {"temperature_squared": False, "class_mean": True}
CASES = [
    Case("soft_cross_entropy", LOGITS),
    Case("soft_cross_entropy", LOGITS, temperature=3.0),
    Case("soft_cross_entropy", LOGITS, temperature=2.0, **TINYBERT),
    Case("soft_cross_entropy", (BATCH, 2), temperature=2.0),
    Case("kl_divergence", LOGITS),
    Case("kl_divergence", LOGITS, temperature=3.0),
    Case("kl_divergence", LOGITS, temperature=2.0, **TINYBERT),
    Case("kl_divergence", (BATCH, 2), temperature=2.0),
    Case("logit_mse", LOGITS),
    Case("logit_mse", (BATCH, 2)),
    Case("decoupled_kl_divergence", LOGITS, labelled=True),
    Case("decoupled_kl_divergence", LOGITS, labelled=True, temperature=2.0, beta=1.0),
    Case("decoupled_kl_divergence", LOGITS, labelled=True, alpha=0.5, beta=2.0),
    Case("correlation_distance", LOGITS),
    Case("correlation_distance", LOGITS, temperature=3.0),
    Case("correlation_distance", LOGITS, beta=0.5, gamma=2.0),
    Case("correlation_distance", (BATCH, 2)),
    Case("standardized_kl_divergence", LOGITS),
    Case("standardized_kl_divergence", LOGITS, temperature=3.0),
    Case("similarity_distance", (BATCH, WIDTH)),
    Case("similarity_distance", (BATCH, 2)),
    Case("factor_distance", (BATCH, WIDTH)),
    Case("factor_distance", (BATCH, WIDTH), norm=2),
    Case("factor_mse", (BATCH, WIDTH)),
    Case("hard_label_cross_entropy", LOGITS, target="class"),
    Case("label_mse", (BATCH, 1), target="regression"),
    Case("hidden_state_mse", (BATCH, LENGTH, WIDTH), masked=True),
    Case("attention_score_mse", ATTENTION, masked=True),
    Case("attention_probability_mse", ATTENTION, masked=True),
]
ACROSS_BATCH = ("correlation_distance", "similarity_distance")
PER_EXAMPLE = [case for case in CASES if not case.id.startswith(ACROSS_BATCH)]
WITH_TEACHER = [case for case in CASES if case.has_teacher]
MASKED = [case for case in CASES if case.masked]


def over(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def value_and_gradient(case, student, target, *extra):
    student = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = case(student, target, *extra)
        total = tf.reduce_sum(values)
    return values.numpy(), tape.gradient(total, student).numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@over(CASES)
def test_equals_the_reference_in_float32_whatever_the_dtype(case, dtype):
    student, target = case.student.astype(dtype), case.target
    if case.has_teacher:
        target = target.astype(dtype)
    values = case(tf.constant(student), tf.constant(target), *case.extra)
    assert values.dtype == tf.float32
    # The reference sees the same rounded inputs, so only float32 arithmetic differs.
    rounded = target.astype(np.float64) if case.has_teacher else target
    expected = case.reference(student.astype(np.float64), rounded, *case.extra)
    np.testing.assert_allclose(values, expected, rtol=2e-6, atol=1e-6)


@over(CASES)
def test_gradient_equals_finite_differences_of_the_reference(case):
    _, gradient = value_and_gradient(
        case, case.student.astype(np.float32), case.target, *case.extra
    )
    expected = reference.numerical_gradient(
        lambda student: case.reference(student, case.target, *case.extra), case.student
    )
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-6)
    assert np.abs(gradient).max() > 1e-3


@over(PER_EXAMPLE)
def test_an_example_does_not_depend_on_its_batch(case):
    inputs = (case.student.astype(np.float32), case.target, *case.extra)
    together = case(*inputs)
    alone = [case(*(x[b : b + 1] for x in inputs))[0] for b in range(BATCH)]
    np.testing.assert_allclose(together, alone, rtol=1e-6)


@over(CASES)
def test_unknown_batch_and_length_can_be_traced(case):
    inputs = [case.student.astype(np.float32), case.target, *case.extra]
    inputs = [tf.constant(x) for x in inputs]
    length = LENGTH if case.masked else None
    signature = [
        tf.TensorSpec(
            [None if i == 0 or n == length else n for i, n in enumerate(x.shape)],
            x.dtype,
        )
        for x in inputs
    ]
    traced = tf.function(case, input_signature=signature, jit_compile=False)
    np.testing.assert_allclose(traced(*inputs), case(*inputs), rtol=1e-6)


@over(WITH_TEACHER)
def test_agreement_has_no_gradient_and_the_least_value(case):
    agreed = case.target.astype(np.float32)
    values, gradient = value_and_gradient(case, agreed, agreed, *case.extra)
    np.testing.assert_allclose(gradient, np.zeros_like(gradient), atol=1e-6)
    away = case(case.student.astype(np.float32), agreed, *case.extra)
    assert (values < away.numpy()).all()
    if "soft_cross_entropy" not in case.id:
        np.testing.assert_allclose(values, np.zeros(BATCH), atol=1e-6)


def _with_padding(tensor, value):
    """Two more positions at the end of every length axis."""
    widths = [(0, 2 if size == LENGTH else 0) for size in tensor.shape]
    return np.pad(tensor.astype(np.float32), widths, constant_values=value)


@pytest.mark.parametrize("garbage", [1e4, np.inf, np.nan], ids=str)
@over(MASKED)
def test_padding_reaches_neither_value_nor_gradient(case, garbage):
    mask = np.pad(MASK, [(0, 0), (0, 2)])
    clean = [x.astype(np.float32) for x in (case.student, case.target)]
    values, gradient = value_and_gradient(case, *clean, MASK)
    padded = [_with_padding(x, garbage) for x in (case.student, case.target)]
    padded_values, padded_gradient = value_and_gradient(case, *padded, mask)
    np.testing.assert_allclose(padded_values, values, rtol=1e-6)
    np.testing.assert_allclose(
        padded_gradient, _with_padding(gradient, 0.0), rtol=1e-5, atol=1e-8
    )


@over(MASKED)
def test_an_example_that_is_all_padding_is_zero(case):
    empty = np.zeros_like(MASK)
    garbage = np.full_like(case.student, np.nan, np.float32)
    values, gradient = value_and_gradient(case, garbage, garbage, empty)
    np.testing.assert_array_equal(values, np.zeros(BATCH))
    np.testing.assert_array_equal(gradient, np.zeros_like(gradient))


@over(MASKED)
def test_an_integer_mask_means_the_same(case):
    inputs = [case.student.astype(np.float32), case.target]
    as_integers = case(*inputs, MASK.astype(np.int32))
    np.testing.assert_array_equal(as_integers, case(*inputs, MASK))


@over(MASKED)
def test_a_mask_that_would_broadcast_is_refused(case):
    with pytest.raises(ValueError, match=r"mask of shape \(3, 5\).*got shape \(3, 1\)"):
        case(case.student, case.target, MASK[:, :1])


@over(WITH_TEACHER)
def test_a_missing_axis_is_refused_with_both_shapes(case):
    with pytest.raises(ValueError, match=r"Expected .*\(batch.*teacher"):
        case(case.student, case.target[0], *case.extra)
