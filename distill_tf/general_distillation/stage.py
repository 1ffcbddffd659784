"""The one stage of a general distillation."""

from collections.abc import Callable

from distill_tf.config.layer_methods import LayerMethodOptions
from distill_tf.errors import DistillError
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.methods import Sizes
from distill_tf.methods import Stage
from distill_tf.methods.distilbert import cosine_objective
from distill_tf.methods.minilm import relation_objectives
from distill_tf.methods.tinybert import intermediate_objectives
from distill_tf.objectives import Objective


def _distilbert(config: LayerMethodOptions, sizes: Sizes) -> tuple[Objective, ...]:
    projection = config.hidden_projection or "shared"
    return (cosine_objective(sizes, weight=1.0, projection=projection),)


# What each task method compares of the layers, without its predictions.
METHODS: dict[str, Callable[[LayerMethodOptions, Sizes], tuple[Objective, ...]]] = {
    "tinybert": intermediate_objectives,
    "minilm": relation_objectives,
    "distilbert": _distilbert,
}


def general_stage(config: GeneralConfig, sizes: Sizes, steps_an_epoch: int) -> Stage:
    """Layers alone: no label, no prediction, no dev set that could select weights.

    Raises:
        DistillError: the method's options do not fit the models, or leave nothing.
    """
    objectives = METHODS[config.method](config, sizes)
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
