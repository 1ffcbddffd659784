"""The one training model: a student that minimises a sum of objectives."""

from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType

import keras
from keras import ops

from distill_tf.errors import DistillError
from distill_tf.models.batch_parts import in_parts
from distill_tf.models.outputs import OutputsModel
from distill_tf.objectives import ModelOutputs
from distill_tf.objectives import Objective
from distill_tf.objectives.schedule import at_progress


class Distiller(keras.Model):
    """Sums objectives over one forward pass of the student and one of the teacher.

    An ordinary `keras.Model`: `fit`, callbacks and precision policies work as always.
    Batches are `(x, y)` with the student's inputs in
    `x["student"]` and the teacher's in `x["teacher"]`, or in `x["student"]` when
    both read the same tokens; or they bring what the teacher said of them in
    `x["teacher_outputs"]`, and the teacher does not run. Each objective's mean shows
    in the progress bar under its name, before its weight; `loss` is the weighted sum.

    The teacher runs in inference mode, outside of the trained variables.

    Args:
        student: the model that learns.
        objectives: what it learns.
        sample: the x of a small batch, to check that the two models fit together.
        teacher: the model that it learns from; None if no objective needs one.
        maps: trained maps of earlier stages, by their objectives' `projection_key`; an
            objective with the same key goes on with that map.
        total_steps: updates of the training, over which objectives' schedules run.
        batch_parts: into how many parts both models take a batch; the objectives see
            it whole.

    Raises:
        DistillError: an objective cannot compare these two models, or the student
            draws something for a whole batch that is computed in parts.
    """

    def __init__(
        self,
        student: OutputsModel,
        objectives: Sequence[Objective],
        sample: dict,
        teacher: OutputsModel | None = None,
        maps: Mapping[str, keras.layers.Layer] = MappingProxyType({}),
        total_steps: int = 1,
        batch_parts: int = 1,
        **kwargs,
    ):
        super().__init__(dtype=student.dtype_policy, **kwargs)
        if batch_parts > 1 and getattr(student, "draws_for_the_batch", False):
            raise DistillError(
                f"batch_parts is {batch_parts}, but this student draws once for a "
                "whole batch which layers compute; leave batch_parts at 1."
            )
        self.student = student
        self._compute_student = in_parts(student.compute_outputs, batch_parts)
        self.objectives = tuple(objectives)
        self.total_steps = total_steps
        # A function rather than the model, which Keras would train and save.
        self._compute_teacher = None
        if teacher is not None:
            self._compute_teacher = in_parts(teacher.compute_outputs, batch_parts)
        student_outputs = student.compute_outputs(sample["student"], training=False)
        teacher_outputs = self.teacher_outputs(sample)
        self.projections = {}
        self.trackers = {}
        for objective in self.objectives:
            objective.validate(student_outputs, teacher_outputs)
            self._take_or_build_projection(
                objective, maps, student_outputs, teacher_outputs
            )
            self.trackers[objective.name] = keras.metrics.Mean(name=objective.name)
        self.built = True

    def _take_or_build_projection(self, objective, maps, student, teacher):
        key = objective.projection_key
        if key in self.projections:
            return
        projection = maps.get(key)
        if projection is None:
            projection = objective.build_projection(student, teacher, self.dtype_policy)
        if projection is not None:
            self.projections[key] = projection

    def teacher_outputs(self, x: dict) -> ModelOutputs | None:
        """The teacher's outputs on a batch, without gradient."""
        if "teacher_outputs" in x:
            return x["teacher_outputs"]
        if self._compute_teacher is None:
            return None
        inputs = x["teacher"] if "teacher" in x else x["student"]
        outputs = self._compute_teacher(inputs, training=False)
        return keras.tree.map_structure(ops.stop_gradient, outputs)

    def call(self, x, training=None):
        return self._compute_student(x["student"], training=training)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Sum over objectives of weight x weighted mean over the batch.

        Args:
            x: inputs of the batch.
            y: labels [B].
            y_pred: the student's outputs, as `call` gave them.
            sample_weight: [B], or None for equal weights.
        """
        teacher = self.teacher_outputs(x)
        progress = self._progress()
        total = 0.0
        for scheduled in self.objectives:
            objective = at_progress(scheduled, progress)
            values = objective.values(
                y_pred, teacher, y, self.projections.get(objective.projection_key)
            )
            weights = _combine(objective.counted(y), sample_weight)
            value = _weighted_mean(values, weights)
            self.trackers[objective.name].update_state(values, sample_weight=weights)
            total += objective.weight * value
        return total

    def _progress(self):
        """Share of the updates that are done, 0 to 1; their count is saved."""
        if not self.compiled:
            return 0.0
        return ops.cast(self.optimizer.iterations, "float32") / self.total_steps

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return self.get_metrics_result()


def _combine(counted, sample_weight):
    if counted is None or sample_weight is None:
        return sample_weight if counted is None else counted
    return counted * ops.cast(sample_weight, "float32")


def _weighted_mean(values, weights):
    if weights is None:
        return ops.mean(values)
    weights = ops.cast(weights, "float32")
    total = ops.sum(weights)
    return ops.sum(values * weights) / ops.where(total > 0, total, 1.0)
