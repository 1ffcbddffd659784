"""Patient knowledge distillation: predictions, labels, and the layers on the way."""

from functools import partial

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.losses.patience import patience_mse
from distill_tf.methods.layer_maps import LAYER_LIST
from distill_tf.methods.layer_maps import STRATEGIES
from distill_tf.methods.layer_maps import LayerMap
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.methods.prediction import prediction_stage
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LayerObjective
from distill_tf.objectives.layers import FIRST_TOKEN


def pkd(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """(1 - alpha) x label loss + alpha x soft cross-entropy + beta x patience.

    Sun et al. (arXiv:1908.09355). Patience is the squared difference of the [CLS]
    vectors at length 1, a mean over the width and over the student's layers 1 to
    M - 1, as in the official code, where beta is 10 to 1000. The embeddings and the
    top layer are left out; a map that is given pair by pair is taken as it stands.

    Differs from intersun/PKD-for-BERT-Model-Compression, beside what it allows (any
    depths, widths through a projection), in the soft term, there a mean over the
    classes too, and in that the batches are shuffled.
    """
    layer_map = _patience_map(config.pkd_strategy, sizes)
    beta = 100.0 if config.pkd_beta is None else config.pkd_beta
    patience = LayerObjective(
        name="patience_loss",
        weight=beta / len(layer_map),
        loss=partial(patience_mse, normalized=config.pkd_normalize),
        feature=FIRST_TOKEN,
        layer_map=layer_map,
        projection=config.hidden_projection or "none",
    )
    return (stage_beside(patience, config, sizes, default_alpha=0.5),)


def stage_beside(
    layers: LayerObjective, config: DistillConfig, sizes: Sizes, default_alpha: float
) -> Stage:
    """What both forms of the method add to what they learn of the layers."""
    alpha = default_alpha if config.pkd_alpha is None else config.pkd_alpha
    return prediction_stage(
        config, sizes, label_weight=1 - alpha, soft_weight=alpha, beside=(layers,)
    )


def _patience_map(strategy: str, sizes: Sizes) -> LayerMap:
    """Of a strategy or a list the student's layers 1 to M - 1; pairs as they stand."""
    strategy = "".join(strategy.split())
    if sizes.student_layers == 1 and ":" not in strategy:
        raise DistillError(
            "pkd compares the layers between the embeddings and the top one, but a "
            "student of 1 layer has none; use method kd or pkd_oneflow."
        )
    if LAYER_LIST.fullmatch(strategy):
        strategy = _as_pairs(strategy, sizes.student_layers - 1)
    layer_map = hidden_state_map(strategy, sizes.student_layers, sizes.teacher_layers)
    return layer_map[1:-1] if strategy in STRATEGIES else layer_map


def _as_pairs(layer_list: str, wanted: int) -> str:
    """The authors' form, "2,4,6,8,10" for a student of 6 layers, pair by pair."""
    teachers = layer_list.split(",")
    if len(teachers) != wanted:
        raise DistillError(
            f"pkd_strategy {layer_list!r} lists {len(teachers)} teacher layers, but "
            f"pkd compares the student's layers 1 to {wanted} and not the top one; "
            f"list {wanted}, or write student:teacher pairs."
        )
    return ",".join(f"{i}:{teacher}" for i, teacher in enumerate(teachers, start=1))
