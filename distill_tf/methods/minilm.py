"""MiniLM: first self-attention of one layer, then predictions."""

from distill_tf.config import DistillConfig
from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.errors import DistillError
from distill_tf.losses.relations import attention_kl
from distill_tf.methods.kd import kd
from distill_tf.methods.stage import Sizes
from distill_tf.methods.stage import Stage
from distill_tf.methods.two_stages import two_stages
from distill_tf.objectives import LayerObjective
from distill_tf.objectives import Objective
from distill_tf.objectives.relations import RelationObjective


def minilm(config: DistillConfig, sizes: Sizes) -> tuple[Stage, ...]:
    """Deep self-attention distillation as a method for one task, in two stages.

    1. relations: the student's last layer learns from one layer of the teacher.
       v2 (arXiv:2012.15828): relations between queries, between keys and between
       values, of equal weight. v1 (arXiv:2002.10957): attention distributions and
       relations between values. Constant learning rate, last weights.
    2. prediction: method kd, labels and soft labels with the weights kd_alpha and
       1 - kd_alpha. Best weights.

    The papers have the first stage alone, on unlabelled text at large, and fine-tune
    the student on each task without a teacher; here the teacher is the fine-tuned one
    and the text is the task's. v1's teacher assistant is another run in between.
    """
    return two_stages(
        config,
        lambda: _relations(config, sizes),
        lambda: kd(config, sizes)[0],
    )


def relation_objectives(
    config: LayerMethodOptions, sizes: Sizes
) -> tuple[Objective, ...]:
    """What the student's last layer learns from one of the teacher's."""
    layers = sizes.student_layers - 1, _teacher_layer(config, sizes)
    version = _v1 if config.minilm_version == "v1" else _v2
    return version(config, layers)


def _relations(config: DistillConfig, sizes: Sizes) -> Stage:
    return Stage(
        name="relations",
        objectives=relation_objectives(config, sizes),
        epochs=config.intermediate_epochs,
        learning_rate=config.intermediate_learning_rate,
        schedule="constant",
        selects_best=False,
    )


def _v1(config: LayerMethodOptions, layers: tuple[int, int]) -> tuple[Objective, ...]:
    relation_heads = config.minilm_relation_heads
    if relation_heads is None and config.attention_heads == "each":
        relation_heads = config.student_num_attention_heads
    return (
        LayerObjective(
            name="attention_loss",
            loss=attention_kl,
            feature="attention_scores",
            layer_map=(layers,),
            attention_heads=config.attention_heads,
        ),
        RelationObjective(
            name="value_relation_loss",
            feature="values",
            layers=layers,
            relation_heads=relation_heads,
        ),
    )


def _v2(config: LayerMethodOptions, layers: tuple[int, int]) -> tuple[Objective, ...]:
    if config.attention_heads != "each":
        raise DistillError(
            "attention_heads is for minilm_version=v1: v2 splits queries, keys and "
            "values into relation heads, whatever the attention heads; leave it out, "
            "or give minilm_relation_heads."
        )
    return tuple(
        RelationObjective(
            name=f"{name}_relation_loss",
            feature=feature,
            layers=layers,
            relation_heads=config.minilm_relation_heads,
        )
        for name, feature in (
            ("query", "queries"),
            ("key", "keys"),
            ("value", "values"),
        )
    )


def _teacher_layer(config: LayerMethodOptions, sizes: Sizes) -> int:
    last = sizes.teacher_layers - 1
    layer = last if config.minilm_teacher_layer is None else config.minilm_teacher_layer
    if layer > last:
        raise DistillError(
            f"minilm_teacher_layer is {layer}, but the teacher has layers 0 to {last}; "
            "correct it."
        )
    return layer
