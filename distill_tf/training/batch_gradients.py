"""What becomes of the gradients of batches before they make an update."""

import keras
import tensorflow as tf


class BatchGradients:
    """Mixed into a Keras optimizer: gradients as a tape gives them, of many batches.

    A variable that the loss does not reach, such as the head in a stage on hidden
    states, stays as it is, also without decay. An embedding's gradient stays the rows
    of the words that occur, each once, so that its norm is right.

    With `gradient_accumulation_steps`, N batches of equal size make the update that
    one batch of all their examples makes: the mean of the gradients is what is
    clipped, and the learning rate follows the updates. Keras' own accumulation lets a
    schedule follow the batches, so that it ends N times too early, and turns each
    batch's few rows into whole tables. What has been gathered is saved with the
    optimizer, so training can go on between two updates.
    """

    def apply(self, grads, trainable_variables=None):
        if trainable_variables is None:
            trainable_variables = self._trainable_variables
        reached = [
            (_summed(gradient), variable)
            for gradient, variable in zip(grads, trainable_variables, strict=True)
            if gradient is not None
        ]
        if not reached:
            raise ValueError("Expected a gradient, but the loss reaches no variable.")
        return super().apply(*zip(*reached, strict=True))

    def _clip_gradients(self, grads):
        if not self.global_clipnorm:
            return super()._clip_gradients(grads)
        return tf.clip_by_global_norm(grads, self.global_clipnorm)[0]

    def _get_current_learning_rate(self):
        if isinstance(
            self._learning_rate, keras.optimizers.schedules.LearningRateSchedule
        ):
            return self._learning_rate(self.iterations)
        return super()._get_current_learning_rate()

    def _backend_apply_gradients(self, grads, trainable_variables):
        if not self.gradient_accumulation_steps:
            super()._backend_apply_gradients(grads, trainable_variables)
            return
        gathered = [
            _Gathered(
                self._accumulated_gradients[self._get_variable_index(variable)].value,
                in_rows=isinstance(gradient, tf.IndexedSlices),
            )
            for gradient, variable in zip(grads, trainable_variables, strict=True)
        ]
        for one, gradient in zip(gathered, grads, strict=True):
            one.add(gradient)

        def update():
            means = [one.take(self.gradient_accumulation_steps) for one in gathered]
            self._apply_weight_decay(trainable_variables)
            self._backend_update_step(
                self._clip_gradients(means), trainable_variables, self.learning_rate
            )
            return True

        is_last = (self._iterations + 1) % self.gradient_accumulation_steps == 0
        tf.cond(is_last, update, lambda: False)


class _Gathered:
    """The sum of a variable's gradients since the last update."""

    def __init__(self, total: tf.Variable, in_rows: bool):
        self._total = total
        self._in_rows = in_rows

    def add(self, gradient: tf.Tensor | tf.IndexedSlices) -> None:
        if self._in_rows:
            self._total.scatter_add(gradient)
        else:
            self._total.assign_add(gradient)

    def take(self, count: int) -> tf.Tensor | tf.IndexedSlices:
        """The mean over so many batches, and a new start."""
        if not self._in_rows:
            mean = self._total / count
            with tf.control_dependencies([mean]):
                self._total.assign(tf.zeros_like(mean))
            return mean
        reached = tf.reduce_any(tf.not_equal(self._total, 0), axis=-1)
        indices = tf.cast(tf.where(reached)[:, 0], tf.int32)
        rows = tf.gather(self._total, indices)
        with tf.control_dependencies([rows]):
            self._total.scatter_update(tf.IndexedSlices(tf.zeros_like(rows), indices))
        return tf.IndexedSlices(rows / count, indices, tf.shape(self._total))


def _summed(gradient):
    """Sums the rows that a sparse gradient holds more than once.

    A word that occurs twice in a batch has two rows; the gradient's norm is that of
    their sum.
    """
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    indices, positions = tf.unique(tf.reshape(gradient.indices, [-1]))
    rows = tf.reshape(gradient.values, [-1, gradient.dense_shape[-1]])
    summed = tf.math.unsorted_segment_sum(rows, positions, tf.size(indices))
    return tf.IndexedSlices(summed, indices, gradient.dense_shape)
