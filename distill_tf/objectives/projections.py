"""The linear map that brings a student's hidden states to the teacher's width."""

import keras

from distill_tf.models.initializers import truncated_normal

# The key under which stages, and the tasks after a general distillation, share it.
FIT_DENSE = "fit_dense"


class SharedProjection(keras.layers.Dense):
    """One matrix for all layers, TinyBERT's `fit_dense`: [.., H_S] -> [.., H_T]."""

    def __init__(self, student_width: int, teacher_width: int, **kwargs):
        super().__init__(
            teacher_width, kernel_initializer=truncated_normal(0.02), **kwargs
        )
        self.student_width = student_width
        self.build((None, student_width))

    def project(self, hidden_state, student_layer: int):
        """The hidden state [B, L, H_S] of a layer, at the teacher's width."""
        return self(hidden_state)


class LayerProjections(keras.layers.Layer):
    """A matrix of its own for each student layer."""

    def __init__(
        self,
        student_width: int,
        teacher_width: int,
        student_layers: tuple[int, ...],
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.projections = {
            str(layer): SharedProjection(
                student_width,
                teacher_width,
                dtype=self.dtype_policy,
                name=f"layer_{layer}",
            )
            for layer in student_layers
        }
        self.built = True

    def project(self, hidden_state, student_layer: int):
        return self.projections[str(student_layer)](hidden_state)
