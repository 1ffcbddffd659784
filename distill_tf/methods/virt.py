"""VIRT: two towers learn the attention that a cross-encoder pays from text to text."""

from distill_tf.config import DistillConfig
from distill_tf.config.unread_options import is_given
from distill_tf.errors import DistillError
from distill_tf.methods.layer_maps import LayerMap
from distill_tf.methods.layer_maps import attention_map
from distill_tf.methods.layer_maps import hidden_state_map
from distill_tf.methods.logit_losses import logit_objective
from distill_tf.methods.positive_class import positive_class
from distill_tf.methods.prediction import predicting
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import Objective
from distill_tf.objectives.attention_maps import AttentionMapObjective
from distill_tf.objectives.tower_vectors import PooledStatesObjective
from distill_tf.objectives.tower_vectors import TeacherContrastObjective
from distill_tf.objectives.tower_vectors import TowerContrastObjective

# Of the folder open in VIRT's code, which calls it BERT-base's attention heads.
_SUM_FACTOR = 12
_CONTRASTS = ("use_contrast_self", "use_contrast_teacher_separately")
# Options that are read with one of some switches on only.
_READ_WITH = {
    "kd_weight_logit": ("use_kd_logit_mse", "use_kd_logit_kl"),
    "temperature": ("use_kd_logit_kl",),
    "kd_weight_layer": ("use_layer_distill",),
    "layer_distill_mode": ("use_layer_distill",),
    "weight_contrast": _CONTRASTS,
    "contrast_temperature": _CONTRASTS,
    "contrast_class": ("use_contrast_self",),
}


def virt(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Label loss + kd_weight_att x attention maps, and what else is switched on.

    Li et al. (arXiv:2112.04195) and lidan528/VIRT (sbert_distill.py), whose flags the
    settings are. The attention maps are a mean over layers and a sum of both
    directions, on the scale of that code; see `distill_tf.losses.attention_map_mse`.

    Differs in that padded queries count only with strict_virt; that any number of
    student layers learns, by the layer map; that the divergence is taken without 1e-5
    added to the probabilities; and that the contrastive losses are means over the
    examples that count, there sums at temperature 1. There the hidden-layer and
    contrastive losses take the second text's token ids for its mask.
    """
    _refuse_unread(config)
    objectives = [
        LabelObjective(name="label_loss", regression=sizes.regression),
        *_attention_maps(config, sizes),
        *_logits(config),
        *_vectors(config, sizes),
    ]
    return (predicting(config, objectives),)


def _refuse_unread(config: DistillConfig) -> None:
    for option, switches in _READ_WITH.items():
        is_read = any(getattr(config, switch) for switch in switches)
        if is_given(config, option) and not is_read:
            raise DistillError(
                f"{option} is for {' or '.join(switches)}, switched off here; leave it "
                "out, or switch one on."
            )


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
        weight *= _SUM_FACTOR * (lengths[0] + 2)
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
    switches = (
        config.use_layer_distill,
        config.use_contrast_self,
        config.use_contrast_teacher_separately,
    )
    if not any(switches):
        return []
    asks_teacher = config.use_layer_distill or config.use_contrast_teacher_separately
    layer_map = _layer_map(config, sizes) if asks_teacher else _towers(config, sizes)
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
                name="contrast_loss",
                positive_class=positive_class(config.contrast_class, sizes.labels),
                **contrast,
            )
        )
    if config.use_contrast_teacher_separately:
        _check_weight(config, "use_contrast_teacher_separately", "weight_contrast")
        objectives.append(
            TeacherContrastObjective(name="teacher_contrast_loss", **contrast)
        )
    return objectives


def _towers(config: DistillConfig, sizes: Sizes) -> LayerMap:
    """The layers of the towers that the map names, where no teacher is looked at."""
    if sizes.teacher_layers is not None:
        return _layer_map(config, sizes)
    return tuple((layer, layer) for layer in range(1, _top(config, sizes) + 1))


def _top(config: DistillConfig, sizes: Sizes) -> int:
    """The highest layer of the towers, counted from 1; a deformer's last is above."""
    return sizes.student_layers - (1 if config.model_type == "deformer" else 0)


def _layer_map(config: DistillConfig, sizes: Sizes) -> LayerMap:
    """Pairs of hidden states, as in the official code without the embeddings.

    Of a deformer also without the layer above its towers.

    Raises:
        DistillError: the teacher shows no layers, or the map leaves no pair.
    """
    if sizes.teacher_layers is None:
        raise DistillError(
            "use_kd_att, use_layer_distill and use_contrast_teacher_separately look "
            "into the teacher's layers, but several teachers, or a file, give logits "
            "alone; choose method kd, or give a single init_checkpoint_teacher, or "
            "learn the predictions alone (use_kd_att=false, use_kd_logit_mse=true)."
        )
    top = _top(config, sizes)
    pairs = hidden_state_map(
        config.layer_map, sizes.student_layers, sizes.teacher_layers
    )
    layer_map = tuple(pair for pair in pairs if all(pair) and pair[0] <= top)
    if not layer_map:
        raise DistillError(
            f"layer_map is {config.layer_map}, which leaves method virt nothing to "
            f"compare; name layers of the towers, 1 to {top}, and of the teacher, 1 to "
            f"{sizes.teacher_layers}."
        )
    return layer_map


def _check_weight(config: DistillConfig, switch: str, weight: str) -> None:
    if not getattr(config, weight):
        raise DistillError(
            f"{switch} is on, but its weight {weight} is 0; set one above 0, or "
            f"{switch}=false."
        )
