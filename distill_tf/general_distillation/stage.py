"""The one stage of a general distillation."""

from collections.abc import Callable
from dataclasses import fields

from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.config.masked_lm import MaskedLmOptions
from distill_tf.config.method_table import method_readers
from distill_tf.config.unread_options import is_given
from distill_tf.config.unread_options import refuse_unread
from distill_tf.errors import DistillError
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.methods import Sizes
from distill_tf.methods import Stage
from distill_tf.methods.distilbert import cosine_objective
from distill_tf.methods.minilm import relation_objectives
from distill_tf.methods.tinybert import intermediate_objectives
from distill_tf.objectives import MaskedLmLabelObjective
from distill_tf.objectives import MaskedLmLogitObjective
from distill_tf.objectives import Objective


def _distilbert(config: LayerMethodOptions, sizes: Sizes) -> tuple[Objective, ...]:
    return (cosine_objective(config, sizes, weight=1.0),)


# What each task method compares of the layers, without its predictions.
METHODS: dict[str, Callable[[LayerMethodOptions, Sizes], tuple[Objective, ...]]] = {
    "tinybert": intermediate_objectives,
    "minilm": relation_objectives,
    "distilbert": _distilbert,
}


def refuse_unread_options(config: GeneralConfig) -> None:
    """Refuses what the chosen method, or a run without masked words, does not read.

    Raises:
        DistillError: such an option is given.
    """
    known = {field.name for field in fields(config)}
    readers = method_readers(tuple(METHODS))
    refuse_unread(config, (each for each in readers if known.issuperset(each.options)))
    if config.masked_lm_probability:
        if config.embedding_optimizer == "lazy":
            raise DistillError(
                "embedding_optimizer=lazy moves the rows of the words that occur, but "
                "masked words are predicted from all rows of the table; leave it out, "
                "or masked_lm_probability."
            )
        return
    for field in fields(MaskedLmOptions):
        if is_given(config, field.name):
            raise DistillError(
                f"{field.name} is for masked words, but masked_lm_probability is 0; "
                "leave it out, or give masked_lm_probability, 0.15 for instance."
            )


def general_stage(config: GeneralConfig, sizes: Sizes, steps_an_epoch: int) -> Stage:
    """Layers, and masked words if there are any; no dev set that could select weights.

    Raises:
        DistillError: the method's options do not fit the models, or leave nothing.
    """
    objectives = METHODS[config.method](config, sizes) + _masked_lm(config)
    if not objectives:
        raise DistillError(
            f"method {config.method} has nothing to learn from, as all of its weights "
            "are 0; raise one."
        )
    return Stage(
        name="general",
        objectives=objectives,
        epochs=(
            config.max_steps / steps_an_epoch
            if config.max_steps
            else config.num_train_epochs
        ),
        learning_rate=config.learning_rate,
        schedule="linear",
        selects_best=False,
        max_hours=config.max_hours,
    )


def _masked_lm(config: GeneralConfig) -> tuple[Objective, ...]:
    """DistilBERT's two losses on masked words, those with a weight."""
    if not config.masked_lm_probability:
        return ()
    objectives = (
        MaskedLmLogitObjective(
            name="masked_lm_soft_loss",
            weight=config.masked_lm_soft_weight,
            temperature=config.masked_lm_temperature,
        ),
        MaskedLmLabelObjective(
            name="masked_lm_label_loss", weight=config.masked_lm_label_weight
        ),
    )
    weighted = tuple(objective for objective in objectives if objective.weight)
    if not weighted:
        raise DistillError(
            f"masked_lm_probability is {config.masked_lm_probability:g}, but nothing "
            "is learnt from the masked tokens; give masked_lm_soft_weight or "
            "masked_lm_label_weight a value above 0, or masked_lm_probability=0."
        )
    return weighted
