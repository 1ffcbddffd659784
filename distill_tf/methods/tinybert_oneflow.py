"""OneFlow's TinyBERT: the teacher's insides and its predictions, all at once."""

from distill_tf.config import DistillConfig
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.methods.tinybert import intermediate_objectives
from distill_tf.methods.tinybert import predictions


def tinybert_oneflow(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Attention loss + hidden loss + soft cross-entropy, all in one stage.

    What Oneflow-Inc/Oneflow-Model-Compression calls TinyBERT (examples/tinybert,
    task_student_tinybert.py): the same terms as in `tinybert`, with attention
    compared after the softmax, added up from the first step on. Linear warm-up and
    decay, best weights.

    Differs from it in that padding counts in no mean, the probabilities are those
    before dropout, depths need not divide, and the soft term has T^2.
    """
    layers = intermediate_objectives(config, sizes, "probabilities")
    return (predictions(config, sizes, beside=layers),)
