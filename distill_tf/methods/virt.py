"""VIRT: two towers learn the attention that a cross-encoder pays from text to text."""

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods.layer_maps import attention_map
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.methods.logit_losses import logit_objective
from distill_tf.methods.prediction import predicting
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import Objective
from distill_tf.objectives.attention_maps import AttentionMapObjective
from distill_tf.objectives.tower_vectors import PooledStatesObjective
from distill_tf.objectives.tower_vectors import TeacherContrastObjective
from distill_tf.objectives.tower_vectors import TowerContrastObjective


def virt(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Label loss + kd_weight_att x attention maps, and what else is switched on.

    Li et al. (arXiv:2112.04195) and lidan528/VIRT (sbert_distill.py), whose flags the
    settings are. The attention maps are a mean over layers and a sum of both
    directions, on the scale of that code; see `distill_tf.losses.attention_map_mse`.

    Differs in that padded queries count only with strict_virt; that any number of
    student layers learns, by the layer map; that the divergence is taken without 1e-5
    added to the probabilities; and that the contrastive losses have the other sign,
    see `distill_tf.losses.contrastive_cross_entropy`. There the hidden-layer and
    contrastive losses take the second text's token ids for its mask.
    """
    objectives = [
        LabelObjective(name="label_loss", regression=sizes.regression),
        *_attention_maps(config, sizes),
        *_logits(config),
        *_vectors(config, sizes),
    ]
    return (predicting(config, objectives),)


def _attention_maps(config: DistillConfig, sizes: Sizes) -> list[Objective]:
    use_kd_att = config.use_kd_att
    if use_kd_att is None:
        use_kd_att = config.kd_weight_att > 0
    if not use_kd_att:
        return []
    _check_weight(config, "use_kd_att", "kd_weight_att")
    layer_map = attention_map(_layer_map(config, sizes))
    lengths = sizes.tower_tokens
    weight = config.kd_weight_att
    if config.kd_att_scale == "sum":
        weight *= len(layer_map) * (lengths[0] + 2)
    return [
        AttentionMapObjective(
            name="attention_map_loss",
            weight=weight,
            layer_map=layer_map,
            lengths=lengths,
            counts_padding=config.strict_virt,
        )
    ]


def _logits(config: DistillConfig) -> list[Objective]:
    losses = [
        loss
        for loss, is_used in (
            ("mse", config.use_kd_logit_mse),
            ("kl", config.use_kd_logit_kl),
        )
        if is_used
    ]
    if len(losses) > 1:
        raise DistillError(
            "use_kd_logit_mse and use_kd_logit_kl are two ways to learn the same "
            "predictions; switch only one of them on."
        )
    for loss in losses:
        _check_weight(config, f"use_kd_logit_{loss}", "kd_weight_logit")
    return [
        logit_objective(loss, config, name="logit_loss", weight=config.kd_weight_logit)
        for loss in losses
    ]


def _vectors(config: DistillConfig, sizes: Sizes) -> list[Objective]:
    # As in the official code, without the embeddings.
    layer_map = tuple(pair for pair in _layer_map(config, sizes) if all(pair))
    objectives = []
    if config.use_layer_distill:
        _check_weight(config, "use_layer_distill", "kd_weight_layer")
        objectives.append(
            PooledStatesObjective(
                name="hidden_loss",
                weight=config.kd_weight_layer,
                layer_map=layer_map,
                pooling=config.layer_distill_mode,
            )
        )
    contrast = {
        "weight": config.weight_contrast,
        "layer_map": layer_map,
        "temperature": config.contrast_temperature,
    }
    if config.use_contrast_self:
        _check_weight(config, "use_contrast_self", "weight_contrast")
        if sizes.regression:
            raise DistillError(
                "use_contrast_self needs a class of texts that belong together, which "
                "a regression does not have; leave it out."
            )
        objectives.append(
            TowerContrastObjective(
                name="contrast_loss", positive_class=config.contrast_class, **contrast
            )
        )
    if config.use_contrast_teacher_separately:
        _check_weight(config, "use_contrast_teacher_separately", "weight_contrast")
        objectives.append(
            TeacherContrastObjective(name="teacher_contrast_loss", **contrast)
        )
    return objectives


def _layer_map(config: DistillConfig, sizes: Sizes) -> tuple[tuple[int, int], ...]:
    """Pairs of hidden states; of a deformer without the layer above its towers."""
    layer_map = hidden_state_map(
        config.layer_map, sizes.student_layers, sizes.teacher_layers
    )
    if config.model_type != "deformer":
        return layer_map
    return tuple(pair for pair in layer_map if pair[0] < sizes.student_layers)


def _check_weight(config: DistillConfig, switch: str, weight: str) -> None:
    if not getattr(config, weight):
        raise DistillError(
            f"{switch} is on, but its weight {weight} is 0; set one above 0, or "
            f"{switch}=false."
        )
