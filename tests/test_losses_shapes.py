"""Shape checks: dimensions unknown while tracing pass, known ones must agree."""

import keras
import pytest

from distill_tf.losses.shapes import check_same_shape
from distill_tf.losses.shapes import check_token_mask

AXES = {"rows": "add rows", "columns": "add columns"}


def _tensor(*shape):
    return keras.KerasTensor(shape)


def test_unknown_dimensions_pass():
    check_same_shape("things", _tensor(None, 3), _tensor(2, 3), AXES)
    check_same_shape("things", _tensor(2, None), _tensor(2, 3), AXES)
    check_token_mask(_tensor(None, None), batch=2, length=3)
    check_token_mask(_tensor(2, 3), batch=None, length=None)


def test_the_differing_axis_and_its_mend_are_named():
    with pytest.raises(
        ValueError,
        match=r"student things of shape \(None, 3\) and teacher things of shape "
        r"\(2, 4\), which differ in columns: add columns\.",
    ):
        check_same_shape("things", _tensor(None, 3), _tensor(2, 4), AXES)


@pytest.mark.parametrize("shape", [(2, 1), (1, 3), (2, 3, 1), (6,)])
def test_a_mask_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"mask of shape \(2, 3\)"):
        check_token_mask(_tensor(*shape), batch=2, length=3)
