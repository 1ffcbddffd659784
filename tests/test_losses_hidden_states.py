"""Hidden-state loss: a hand-computed number and the refusal of another shape."""

import numpy as np
import pytest

from distill_tf.losses.hidden_states import hidden_state_mse


def test_hand_computed():
    student = np.array([[[1.0, 2.0], [0.0, 0.0], [9.0, 9.0]]])
    teacher = np.array([[[3.0, 2.0], [1.0, 1.0], [0.0, 0.0]]])
    # Two valid tokens: (4 + 0 + 1 + 1) / (2 * 2)
    value = hidden_state_mse(student, teacher, np.array([[1, 1, 0]]))
    np.testing.assert_allclose(value, [1.5])


@pytest.mark.parametrize(
    ("teacher_shape", "message"),
    [
        ((3, 7, 8), r"\(3, 7, 4\).*\(3, 7, 8\).*differ in width: project"),
        ((3, 5, 4), r"\(3, 7, 4\).*\(3, 5, 4\).*differ in length: encode"),
        ((2, 7, 4), r"\(3, 7, 4\).*\(2, 7, 4\).*differ in batch size: feed"),
    ],
)
def test_another_shape_is_refused(teacher_shape, message):
    with pytest.raises(ValueError, match=message):
        hidden_state_mse(np.zeros((3, 7, 4)), np.zeros(teacher_shape), np.ones((3, 7)))
