"""DistilBERT's losses: predictions, labels, and the last layer's directions."""

from distill_tf.config import DistillConfig
from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.losses.cosine import cosine_distance
from distill_tf.methods.prediction import prediction_stage
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LayerObjective


def distilbert(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """5 x soft cross-entropy + 2 x label loss + 1 x cosine distance, in one stage.

    Sanh et al. (arXiv:1910.01108), with the weights of the official recipe
    (huggingface/transformers-research-projects, distillation). The cosine is that of
    the last hidden states, mean over an example's tokens.

    Differs in that it distils for one task: there the predictions and labels are those
    of masked language modelling on text at large, as `distill_tf.general_distillation`
    has it; here they are the task's. Widths may differ: then a trained projection
    brings the student's states to the teacher's.
    """
    cosine = cosine_objective(config, sizes, config.distilbert_cosine_weight)
    return (
        prediction_stage(
            config,
            sizes,
            label_weight=config.distilbert_label_weight,
            soft_weight=config.distilbert_soft_weight,
            beside=(cosine,),
        ),
    )


def cosine_objective(
    config: LayerMethodOptions, sizes: Sizes, weight: float
) -> LayerObjective:
    """The direction of the last hidden states, mean over an example's tokens."""
    return LayerObjective(
        name="cosine_loss",
        weight=weight,
        loss=cosine_distance,
        feature="hidden_states",
        layer_map=((sizes.student_layers, sizes.teacher_layers),),
        projection=config.hidden_projection or "shared_if_widths_differ",
    )
