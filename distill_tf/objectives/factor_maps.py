"""The maps of factor transfer: what paraphrases a teacher, and what translates to it.

Both give a factor [B, K], the final state of an LSTM, as in
bestahao/knowledge_distillnation (knowledge_distill, ft_distill.py).
"""

import keras
from keras import ops


class Paraphraser(keras.layers.Layer):
    """An LSTM auto-encoder of hidden states [B, L, H]; its code is the factor [B, K].

    The decoder starts from the factor, its cell from zeros, so that what it knows of a
    text has gone through the factor. It is told the true hidden state before every
    second position and a vector of zeros before the others, the first one among them:
    teacher forcing in half of the steps, as in the source, which draws at random
    whether a step reads the truth or the decoder's own output. Here the same input
    always gives the same reconstruction, and the factor has to tell what is not given.
    """

    def __init__(self, width: int, factor_size: int, **kwargs):
        super().__init__(**kwargs)
        policy = self.dtype_policy
        self.encoder = keras.layers.LSTM(factor_size, dtype=policy, name="encoder")
        self.decoder = keras.layers.LSTM(
            factor_size, return_sequences=True, dtype=policy, name="decoder"
        )
        self.output_dense = keras.layers.Dense(width, dtype=policy, name="output_dense")
        self.encoder.build((None, None, width))
        self.decoder.build((None, None, width))
        self.output_dense.build((None, factor_size))
        self.built = True

    def factor(self, hidden_states, padding_mask):
        """[B, K] from hidden states [B, L, H]; padding, behind them, is never read."""
        return self._encode(self._tokens(hidden_states, padding_mask), padding_mask)

    def reconstruct(self, hidden_states, padding_mask):
        """The hidden states [B, L, H] as the decoder tells them from the factor."""
        tokens = self._tokens(hidden_states, padding_mask)
        factor = self._encode(tokens, padding_mask)
        states = self.decoder(
            _every_second(_previous(tokens)),
            initial_state=[factor, ops.zeros_like(factor)],
            mask=padding_mask,
        )
        return self.output_dense(states)

    def _tokens(self, hidden_states, padding_mask):
        # Selected before the LSTM, which computes at padding too and then drops it.
        return ops.where(
            padding_mask[:, :, None], ops.cast(hidden_states, self.compute_dtype), 0
        )

    def _encode(self, tokens, padding_mask):
        return self.encoder(tokens, mask=padding_mask)


class Translator(keras.layers.Layer):
    """One step of an LSTM from zeros over a student's features: [B, D] -> [B, K].

        i, g, o = features W + b in three parts
        factor = sigmoid(o) tanh(sigmoid(i) tanh(g))

    In a first step the forget gate and the recurrent weights have no part, so there
    are none.
    """

    def __init__(self, width: int, factor_size: int, **kwargs):
        super().__init__(**kwargs)
        self.gates = keras.layers.Dense(
            3 * factor_size, dtype=self.dtype_policy, name="gates"
        )
        self.gates.build((None, width))
        self.built = True

    def factor(self, features):
        """[B, K] from features [B, D]."""
        i, g, o = ops.split(self.gates(features), 3, axis=-1)
        return ops.sigmoid(o) * ops.tanh(ops.sigmoid(i) * ops.tanh(g))


class FactorMaps(keras.layers.Layer):
    """Paraphraser and translator together, as the stages hand them on."""

    def __init__(
        self, student_width: int, teacher_width: int, factor_size: int, **kwargs
    ):
        super().__init__(**kwargs)
        policy = self.dtype_policy
        self.paraphraser = Paraphraser(
            teacher_width, factor_size, dtype=policy, name="paraphraser"
        )
        self.translator = Translator(
            student_width, factor_size, dtype=policy, name="translator"
        )
        self.built = True


def _previous(tokens):
    """[B, L, H] moved on by one position, zeros at the first."""
    return ops.pad(tokens, [[0, 0], [1, 0], [0, 0]])[:, :-1]


def _every_second(tokens):
    """[B, L, H] with zeros at the positions 0, 2, 4 and so on."""
    positions = ops.arange(ops.shape(tokens)[1])
    return ops.where(positions[None, :, None] % 2 == 1, tokens, 0)
