"""OneFlow's patient knowledge distillation: the hidden states of all tokens."""

from distill_tf.config import DistillConfig
from distill_tf.losses import hidden_state_mse
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.methods.pkd import stage_beside
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LayerObjective


def pkd_oneflow(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """(1 - alpha) x label loss + alpha x soft cross-entropy + beta x hidden loss.

    What Oneflow-Inc/Oneflow-Model-Compression calls BERT-PKD (examples/bert-pkd,
    task_student_bert-pkd.py): the squared difference of the hidden states of all
    tokens, summed over the embeddings and every layer of the map, the top one
    included, through one shared projection even where the widths agree.

    Differs from it in that padding counts in no mean, depths need not divide, and the
    soft term is a batch mean with T^2, there also a mean over the classes without T^2.
    """
    hidden = LayerObjective(
        name="hidden_loss",
        weight=10.0 if config.pkd_beta is None else config.pkd_beta,
        loss=hidden_state_mse,
        feature="hidden_states",
        layer_map=hidden_state_map(
            config.layer_map, sizes.student_layers, sizes.teacher_layers
        ),
        projection=config.hidden_projection or "shared",
    )
    return (stage_beside(hidden, config, sizes, default_alpha=0.2),)
