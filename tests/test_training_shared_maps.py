"""A trained map that stages share: handed on, kept with the stage, read back."""

from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from keras import ops
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods import Stage
from distill_tf.objectives import Objective
from distill_tf.objectives.projections import SharedProjection
from distill_tf.training.stages import run_stage

LABELS = np.int32([0, 1, 2, 1, 0, 2])
OPTIONS = DistillConfig(tensorboard=False)


@dataclass(frozen=True, kw_only=True)
class PooledObjective(Objective):
    """The squared difference of pooled outputs, of the teacher to itself or not."""

    projection_key = "map"
    teacher_features = MappingProxyType({"pooled_output": None})
    trains_map: bool

    def validate(self, student, teacher):
        pass

    def build_projection(self, student, teacher, dtype):
        return SharedProjection(
            student["pooled_output"].shape[-1], 3, dtype=dtype, name="map"
        )

    def values(self, student, teacher, labels, projection):
        mapped = projection(ops.stop_gradient(student["pooled_output"]))
        if not self.trains_map:
            mapped = ops.stop_gradient(projection(student["pooled_output"]))
            mapped = mapped + student["pooled_output"][:, :3]
        return ops.sum(ops.square(ops.cast(mapped, "float32") - 0.5), axis=-1)


FIRST = Stage(
    name="first",
    objectives=(PooledObjective(name="first_loss", trains_map=True),),
    epochs=1,
    learning_rate=0.1,
    selects_best=False,
)
SECOND = replace(
    FIRST,
    name="second",
    objectives=(PooledObjective(name="second_loss", trains_map=False),),
)


def run(stage, folder, student, maps):
    run_stage(
        stage,
        student,
        make_batches(LABELS, batch_size=3),
        lambda: pytest.fail("nothing is selected"),
        folder / stage.name,
        OPTIONS,
        make_classifier(TEACHER),
        maps,
    )
    return {key: layer.get_weights() for key, layer in maps.items()}


def assert_equal(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_later_stage_goes_on_with_the_map_and_may_leave_it_as_it_is(tmp_path):
    student, maps = make_classifier(STUDENT), {}
    untrained = student.get_weights()
    (first,) = run(FIRST, tmp_path, student, maps).values()
    assert_equal(student.get_weights(), untrained)
    layer = maps["map"]
    (second,) = run(SECOND, tmp_path, student, maps).values()
    assert maps["map"] is layer
    assert_equal(second, first)
    with pytest.raises(AssertionError):
        assert_equal(student.get_weights(), untrained)


def test_a_finished_stage_gives_its_map_back(tmp_path):
    trained = run(FIRST, tmp_path, make_classifier(STUDENT), {})
    again = run(FIRST, tmp_path, make_classifier(STUDENT, seed=5), {})
    assert_equal(again["map"], trained["map"])


def test_a_broken_map_is_named(tmp_path):
    run(FIRST, tmp_path, make_classifier(STUDENT), {})
    path = tmp_path / "first" / "map_map.npz"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(DistillError, match="map_map.npz should belong to this run"):
        run(FIRST, tmp_path, make_classifier(STUDENT), {})
