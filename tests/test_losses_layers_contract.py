"""What the losses of PKD, MiniLM and DistilBERT promise, against the NumPy reference.

Unlike in test_losses_contract.py the teacher's tensor may have another shape.
"""

import ml_dtypes
import numpy as np
import pytest
import reference
import reference_layers
import tensorflow as tf

from distill_tf.losses.cosine import cosine_distance
from distill_tf.losses.patience import patience_mse
from distill_tf.losses.relations import attention_kl
from distill_tf.losses.relations import relation_kl

BATCH, LENGTH = 3, 5
# An example with a hole, as masks may have; [CLS] is always a token.
MASK = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 1, 0], [1, 1, 0, 0, 0]], bool)
HIDDEN = (BATCH, LENGTH, 4)
SCORES = (BATCH, 2, LENGTH, LENGTH)


class Case:
    """A loss with inputs."""

    def __init__(self, loss, shape, teacher_shape=None, **options):
        rng = np.random.default_rng(7)
        self.student = rng.normal(size=shape)
        self.teacher = rng.normal(size=teacher_shape or shape)
        self.options = options
        self.id = "-".join([loss.__name__, *map(str, teacher_shape or ()), *options])
        self._loss = loss
        self._reference = getattr(reference_layers, loss.__name__)

    def __call__(self, student, teacher, mask):
        return self._loss(student, teacher, mask, **self.options)

    def reference(self, student, teacher, mask=MASK):
        return self._reference(student, teacher, mask, **self.options)


CASES = [
    Case(patience_mse, HIDDEN),
    Case(patience_mse, HIDDEN, normalized=False),
    Case(cosine_distance, HIDDEN),
    Case(attention_kl, SCORES),
    Case(relation_kl, (BATCH, 2, LENGTH, 6), relation_heads=2),
    # Widths 12 and 12, other heads; then widths 6 and 18.
    Case(relation_kl, (BATCH, 2, LENGTH, 6), (BATCH, 4, LENGTH, 3), relation_heads=3),
    Case(relation_kl, (BATCH, 2, LENGTH, 3), (BATCH, 1, LENGTH, 18), relation_heads=6),
]
SAME_SHAPE = [case for case in CASES if case.student.shape == case.teacher.shape]


def over(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def value_and_gradient(case, student, teacher, mask):
    student = tf.constant(student, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(student)
        values = case(student, tf.constant(teacher, tf.float32), mask)
        total = tf.reduce_sum(values)
    gradient = tape.gradient(total, student)
    return values.numpy(), tf.convert_to_tensor(gradient).numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@over(CASES)
def test_equals_the_reference_in_float32_whatever_the_dtype(case, dtype):
    student, teacher = case.student.astype(dtype), case.teacher.astype(dtype)
    values = case(tf.constant(student), tf.constant(teacher), MASK)
    assert values.dtype == tf.float32
    expected = case.reference(student.astype(np.float64), teacher.astype(np.float64))
    np.testing.assert_allclose(values, expected, rtol=3e-6, atol=1e-6)


@over(CASES)
def test_gradient_equals_finite_differences_of_the_reference(case):
    _, gradient = value_and_gradient(case, case.student, case.teacher, MASK)
    expected = reference.numerical_gradient(
        lambda student: case.reference(student, case.teacher), case.student
    )
    np.testing.assert_allclose(gradient, expected, rtol=2e-4, atol=2e-6)
    assert np.abs(gradient).max() > 1e-3


@over(CASES)
def test_an_example_does_not_depend_on_its_batch(case):
    inputs = case.student.astype(np.float32), case.teacher.astype(np.float32), MASK
    alone = [case(*(x[b : b + 1] for x in inputs))[0] for b in range(BATCH)]
    np.testing.assert_allclose(case(*inputs), alone, rtol=1e-5)


@over(CASES)
def test_unknown_batch_and_length_can_be_traced(case):
    inputs = [
        tf.constant(x)
        for x in (
            case.student.astype(np.float32),
            case.teacher.astype(np.float32),
            MASK,
        )
    ]
    signature = [
        tf.TensorSpec(
            [None if i == 0 or n == LENGTH else n for i, n in enumerate(x.shape)],
            x.dtype,
        )
        for x in inputs
    ]
    traced = tf.function(case, input_signature=signature, jit_compile=False)
    np.testing.assert_allclose(traced(*inputs), case(*inputs), rtol=1e-6)


@over(SAME_SHAPE)
def test_agreement_has_no_gradient_and_the_least_value(case):
    values, gradient = value_and_gradient(case, case.teacher, case.teacher, MASK)
    np.testing.assert_allclose(values, np.zeros(BATCH), atol=1e-6)
    np.testing.assert_allclose(gradient, np.zeros_like(gradient), atol=1e-6)
    away, _ = value_and_gradient(case, case.student, case.teacher, MASK)
    assert (away > 1e-3).all()


def _with_padding(tensor, value):
    """Two more positions at the end of every length axis, and in the mask's holes."""
    padded = np.array(tensor, np.float32)
    for axis, size in enumerate(tensor.shape):
        if size == LENGTH:
            shape = [1] * tensor.ndim
            shape[0], shape[axis] = BATCH, LENGTH
            padded = np.where(MASK.reshape(shape), padded, value)
    widths = [(0, 2 if size == LENGTH else 0) for size in tensor.shape]
    return np.pad(padded, widths, constant_values=value)


@pytest.mark.parametrize("garbage", [1e4, np.inf, np.nan], ids=str)
@over(CASES)
def test_padding_reaches_neither_value_nor_gradient(case, garbage):
    values, gradient = value_and_gradient(case, case.student, case.teacher, MASK)
    padded_values, padded_gradient = value_and_gradient(
        case,
        _with_padding(case.student, garbage),
        _with_padding(case.teacher, garbage),
        np.pad(MASK, [(0, 0), (0, 2)]),
    )
    np.testing.assert_allclose(padded_values, values, rtol=2e-6)
    np.testing.assert_allclose(
        padded_gradient, _with_padding(gradient, 0.0), rtol=1e-4, atol=1e-7
    )


@over(CASES)
def test_an_example_that_is_all_padding_is_zero(case):
    values, gradient = value_and_gradient(
        case,
        np.full_like(case.student, np.nan),
        np.full_like(case.teacher, np.nan),
        np.zeros_like(MASK),
    )
    np.testing.assert_array_equal(values, np.zeros(BATCH))
    np.testing.assert_array_equal(gradient, np.zeros_like(gradient))


@over(CASES)
def test_an_integer_mask_means_the_same(case):
    inputs = case.student.astype(np.float32), case.teacher.astype(np.float32)
    np.testing.assert_array_equal(
        case(*inputs, MASK.astype(np.int32)), case(*inputs, MASK)
    )


@over(CASES)
def test_a_mask_that_would_broadcast_is_refused(case):
    with pytest.raises(ValueError, match=r"mask of shape \(3, 5\).*got shape \(3, 1\)"):
        case(case.student, case.teacher, MASK[:, :1])


@over(CASES)
def test_a_missing_axis_is_refused(case):
    with pytest.raises(ValueError, match=r"Expected axes \(batch size, .*teacher"):
        case(case.student, case.teacher[0], MASK)
