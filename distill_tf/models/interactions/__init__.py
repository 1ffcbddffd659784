"""Ways to join two towers, by the name of `--model_type`."""

from distill_tf.models.interactions.col import Col
from distill_tf.models.interactions.interaction import SIDES
from distill_tf.models.interactions.interaction import Interaction
from distill_tf.models.interactions.interaction import Kept
from distill_tf.models.interactions.joint_layer import Deformer
from distill_tf.models.interactions.joint_layer import DiPair
from distill_tf.models.interactions.late_fusion import LateFusion
from distill_tf.models.interactions.poly import Poly
from distill_tf.models.interactions.sentence_vectors import BiEncoder
from distill_tf.models.interactions.sentence_vectors import Sbert

INTERACTIONS: dict[str, type[Interaction]] = {
    "late_fusion": LateFusion,
    "sbert": Sbert,
    "bi_encoder": BiEncoder,
    "poly": Poly,
    "deformer": Deformer,
    "dipair": DiPair,
    "col": Col,
}

__all__ = ["INTERACTIONS", "SIDES", "Interaction", "Kept"]
