"""TinyBERT: the teacher's insides, then its predictions, in two stages."""

from collections.abc import Sequence

from distill_tf.config import DistillConfig
from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.errors import DistillError
from distill_tf.losses import attention_probability_mse
from distill_tf.losses import attention_score_mse
from distill_tf.losses import hidden_state_mse
from distill_tf.methods.layer_maps import attention_map
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.methods.prediction import prediction_stage
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.methods.two_stages import two_stages
from distill_tf.objectives import LayerObjective
from distill_tf.objectives import Objective
from distill_tf.objectives.projections import FIT_DENSE

_ATTENTION_LOSSES = {
    "scores": attention_score_mse,
    "probabilities": attention_probability_mse,
}


def tinybert(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Task distillation of Jiao et al. (arXiv:1909.10351), both stages.

    1. intermediate: sum over layers of the squared differences of attention scores,
       plus those of hidden states through one shared projection, the embeddings
       included. Constant learning rate, last weights.
    2. prediction: soft_label_weight x soft cross-entropy with the teacher, batch mean,
       times T^2, + hard_label_weight x label loss, of which the second is left out by
       default. In a regression these are squared errors to the teacher's output and
       to the label, and the first is left out, as in the official code. Linear warm-up
       and decay, best weights.

    Differs from huawei-noah/Pretrained-Language-Model in three ways: padding counts
    in no mean; any number of teacher layers fits any number of student layers; and
    the head has no ReLU, so a teacher fine-tuned elsewhere is read as it is.
    """
    return two_stages(
        config,
        lambda: _intermediate(config, sizes),
        lambda: predictions(config, sizes),
    )


def intermediate_objectives(
    config: LayerMethodOptions, sizes: Sizes, attention_form: str = "scores"
) -> tuple[Objective, ...]:
    """Attention and hidden states of all layers; a term of weight 0 is left out.

    Args:
        config: weights, layers, and whether attention has another form.
        sizes: the depths.
        attention_form: what the configuration leaves open.
    """
    hidden_states = hidden_state_map(
        config.layer_map, sizes.student_layers, sizes.teacher_layers
    )
    objectives = (
        LayerObjective(
            name="attention_loss",
            weight=config.attention_weight,
            loss=_ATTENTION_LOSSES[config.attention_form or attention_form],
            feature="attention_scores",
            layer_map=attention_map(hidden_states),
            attention_heads=config.attention_heads,
        ),
        LayerObjective(
            name="hidden_loss",
            weight=config.hidden_weight,
            loss=hidden_state_mse,
            feature="hidden_states",
            layer_map=hidden_states,
            projection=config.hidden_projection or "shared",
            shared_key=FIT_DENSE,
        ),
    )
    return tuple(objective for objective in objectives if objective.weight)


def _intermediate(config: DistillConfig, sizes: Sizes) -> Stage:
    objectives = intermediate_objectives(config, sizes)
    if not objectives:
        raise DistillError(
            "tinybert's intermediate stage needs attention_weight or hidden_weight "
            "above 0; set one, or intermediate_distill=false."
        )
    return Stage(
        name="intermediate",
        objectives=objectives,
        epochs=config.intermediate_epochs,
        learning_rate=config.intermediate_learning_rate,
        schedule="constant",
        selects_best=False,
    )


def predictions(
    config: DistillConfig, sizes: Sizes, beside: Sequence[Objective] = ()
) -> Stage:
    """The stage of soft and hard labels, with further terms beside them."""
    soft, hard = (0.0, 1.0) if sizes.regression else (1.0, 0.0)
    if config.soft_label_weight is not None:
        soft = config.soft_label_weight
    if config.hard_label_weight is not None:
        hard = config.hard_label_weight
    return prediction_stage(
        config, sizes, label_weight=hard, soft_weight=soft, beside=beside
    )
