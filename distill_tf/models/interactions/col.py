"""ColBERT's late interaction, made to tell classes apart."""

import math

import keras
from keras import ops

from distill_tf.models.initializers import truncated_normal
from distill_tf.models.interactions.cross_attention import MASKED_SCORE
from distill_tf.models.interactions.interaction import SIDES
from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import Kept
from distill_tf.models.interactions.interaction import every_token


class Col(Interaction):
    """A score a class: sum over query tokens of the largest product with a document's.

    Khattab and Zaharia (arXiv:2004.12832) for one relevance; VIRT's form for C
    classes: each side has a dense layer of width k = `colbert_dim`, a shared map k ->
    C k gives a vector a token and class, those are normalized, and

        logit_c = sum_i max_j q_ic . d_jc / sqrt(H).

    Padding takes no part. VIRT's code sets its vectors to 0, so that the maximum is at
    least 0 wherever a document is padded, which `strict_virt` does.
    """

    def __init__(self, config, num_classes, **kwargs):
        super().__init__(config, num_classes, **kwargs)
        self.side_dense = {
            side: keras.layers.Dense(
                config.colbert_dim, dtype=self.dtype_policy, name=f"{side}_dense"
            )
            for side in SIDES
        }
        self.class_dense = keras.layers.Dense(
            num_classes * config.colbert_dim,
            use_bias=False,
            kernel_initializer=truncated_normal(config.bert.initializer_range),
            dtype=self.dtype_policy,
            name="class_dense",
        )

    def build(self, input_shape=None):
        for dense in self.side_dense.values():
            dense.build((None, self.config.bert.hidden_size))
        self.class_dense.build((None, self.config.colbert_dim))
        self.built = True

    @property
    def features_width(self):
        return self.num_classes

    @property
    def kept_width(self):
        return self.num_classes * self.config.colbert_dim

    @property
    def gives_logits(self):
        return True

    def keep(self, outputs, position_ids, side):
        states, mask = every_token(outputs)
        vectors = self._by_class(self.class_dense(self.side_dense[side](states)), mask)
        vectors = ops.normalize(vectors, axis=-1, epsilon=1e-12)
        vectors = ops.where(ops.expand_dims(mask, (-1, -2)), vectors, 0)
        return Kept(ops.reshape(vectors, (*ops.shape(mask), self.kept_width)), mask)

    def call(self, first, second, training=None):
        queries, documents = (
            ops.transpose(self._by_class(*side), (0, 2, 1, 3))
            for side in (first, second)
        )
        products = ops.matmul(queries, ops.transpose(documents, (0, 1, 3, 2)))
        scores = ops.cast(products, "float32")
        if not self.config.strict_virt:
            mask = ops.expand_dims(second.mask, (1, 2))
            scores = ops.where(mask, scores, MASKED_SCORE)
        best = ops.where(ops.expand_dims(first.mask, 1), ops.max(scores, axis=-1), 0)
        return ops.sum(best, axis=-1) / math.sqrt(self.config.bert.hidden_size)

    def _by_class(self, vectors, mask):
        """[B, L, C k] to [B, L, C, k]."""
        # Not the sizes of the vectors: tf2onnx takes those from before a dense layer.
        shape = (*ops.shape(mask), self.num_classes, self.config.colbert_dim)
        return ops.reshape(vectors, shape)

    def flops(self, first_length, second_length):
        return 2 * first_length * second_length * self.kept_width

    def keep_flops(self, length):
        inputs = self.config.bert.hidden_size + self.kept_width
        return 2 * length * inputs * self.config.colbert_dim
