"""What every loss promises, checked for each against the NumPy reference."""

import ml_dtypes
import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf import losses

BATCH, HEADS, LENGTH, WIDTH, CLASSES = 3, 2, 5, 4, 6
MASK = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 1, 0], [0, 0, 1, 0, 1]], bool)


def _targets(kind, rng):
    if kind == "class":
        return np.array([5, -1, 0], np.int32)
    if kind == "regression":
        return rng.normal(size=BATCH)
    return None


class Case:
    """A loss with inputs: a student tensor, and what it is compared with."""

    def __init__(self, name, shape, target="tensor", masked=False, **options):
        rng = np.random.default_rng(7)
        self.student = rng.normal(size=shape)
        labels = _targets(target, rng)
        self.target = rng.normal(size=shape) if labels is None else labels
        self.has_teacher = target == "tensor"
        self.mask = (MASK,) if masked else ()
        self.options = options
        self.id = "-".join(
            [name, *(f"{key}={value}" for key, value in options.items())]
        )
        self._function = getattr(losses, name)
        self._reference = getattr(reference, name)

    def __call__(self, student, target, *mask):
        return self._function(student, target, *mask, **self.options)

    def reference(self, student, target, *mask):
        return self._reference(student, target, *mask, **self.options)


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
    Case("hard_label_cross_entropy", LOGITS, target="class"),
    Case("label_mse", (BATCH, 1), target="regression"),
    Case("hidden_state_mse", (BATCH, LENGTH, WIDTH), masked=True),
    Case("attention_score_mse", ATTENTION, masked=True),
    Case("attention_probability_mse", ATTENTION, masked=True),
]
WITH_TEACHER = [case for case in CASES if case.has_teacher]
MASKED = [case for case in CASES if case.mask]


def over(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def value_and_gradient(case, student, target, *mask):
    student = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = case(student, target, *mask)
        total = tf.reduce_sum(values)
    return values.numpy(), tape.gradient(total, student).numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@over(CASES)
def test_equals_the_reference_in_float32_whatever_the_dtype(case, dtype):
    student, target = case.student.astype(dtype), case.target
    if case.has_teacher:
        target = target.astype(dtype)
    values = case(tf.constant(student), tf.constant(target), *case.mask)
    assert values.dtype == tf.float32
    # The reference sees the same rounded inputs, so only float32 arithmetic differs.
    rounded = target.astype(np.float64) if case.has_teacher else target
    expected = case.reference(student.astype(np.float64), rounded, *case.mask)
    np.testing.assert_allclose(values, expected, rtol=2e-6, atol=1e-6)


@over(CASES)
def test_gradient_equals_finite_differences_of_the_reference(case):
    _, gradient = value_and_gradient(
        case, case.student.astype(np.float32), case.target, *case.mask
    )
    expected = reference.numerical_gradient(
        lambda student: case.reference(student, case.target, *case.mask), case.student
    )
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-6)
    assert np.abs(gradient).max() > 1e-3


@over(CASES)
def test_an_example_does_not_depend_on_its_batch(case):
    inputs = (case.student.astype(np.float32), case.target, *case.mask)
    together = case(*inputs)
    alone = [case(*(x[b : b + 1] for x in inputs))[0] for b in range(BATCH)]
    np.testing.assert_allclose(together, alone, rtol=1e-6)


@over(CASES)
def test_unknown_batch_and_length_can_be_traced(case):
    inputs = [case.student.astype(np.float32), case.target, *case.mask]
    inputs = [tf.constant(x) for x in inputs]
    length = LENGTH if case.mask else None
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
    values, gradient = value_and_gradient(case, agreed, agreed, *case.mask)
    np.testing.assert_allclose(gradient, np.zeros_like(gradient), atol=1e-6)
    away = case(case.student.astype(np.float32), agreed, *case.mask)
    assert (values < away.numpy()).all()
    if "soft_cross_entropy" not in case.id:
        np.testing.assert_array_equal(values, np.zeros(BATCH))


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
    with pytest.raises(ValueError, match=r"Expected axes \(batch size, .*teacher"):
        case(case.student, case.target[0], *case.mask)
