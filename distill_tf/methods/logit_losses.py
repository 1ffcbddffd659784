"""The losses between predictions, by name."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import partial

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.losses import correlation_distance
from distill_tf.losses import decoupled_kl_divergence
from distill_tf.losses import kl_divergence
from distill_tf.losses import logit_mse
from distill_tf.losses import soft_cross_entropy
from distill_tf.losses import standardized_kl_divergence
from distill_tf.objectives import ClassRule
from distill_tf.objectives import LogitObjective


@dataclass(frozen=True, kw_only=True)
class LogitLoss:
    """A loss between predictions, as the methods choose it.

    Attributes:
        function: of `distill_tf.losses`.
        settings: its keyword arguments, by the setting that gives each.
        takes_labels: whether it is given the labels too.
        class_rule: how many classes it takes for the loss to teach.
        left_with_two: the setting that weighs all that two classes leave of it; "" if
            nothing is lost.
    """

    function: Callable
    settings: Mapping[str, str] = field(default_factory=dict)
    takes_labels: bool = False
    class_rule: ClassRule = ClassRule()
    left_with_two: str = ""


# Arguments that weigh the terms of a loss.
_WEIGHTS = ("alpha", "beta", "gamma")
_SOFTENED = {"temperature": "temperature"}
_NO_CLASSES = (
    "it compares the probabilities of classes; choose method=tang, or method=kd with "
    "kd_loss=mse"
)

LOGIT_LOSSES: dict[str, LogitLoss] = {
    "soft_ce": LogitLoss(
        function=soft_cross_entropy,
        settings=_SOFTENED,
        class_rule=ClassRule(fewest=2, why=_NO_CLASSES),
    ),
    "kl": LogitLoss(
        function=kl_divergence,
        settings=_SOFTENED,
        class_rule=ClassRule(fewest=2, why=_NO_CLASSES),
    ),
    "mse": LogitLoss(function=logit_mse),
    "dkd": LogitLoss(
        function=decoupled_kl_divergence,
        settings={**_SOFTENED, "alpha": "dkd_alpha", "beta": "dkd_beta"},
        takes_labels=True,
        class_rule=ClassRule(
            fewest=2,
            why=_NO_CLASSES,
            with_two="with two classes one is left beside the target, so that dkd is "
            "dkd_alpha times kl and dkd_beta has no effect",
        ),
        left_with_two="dkd_alpha",
    ),
    "dist": LogitLoss(
        function=correlation_distance,
        settings={**_SOFTENED, "beta": "dist_beta", "gamma": "dist_gamma"},
        class_rule=ClassRule(
            fewest=2,
            why=_NO_CLASSES,
            with_two="with two classes an example's correlation is always 1 or -1 and "
            "has no gradient, so that only the correlation across the batch teaches",
        ),
        left_with_two="dist_gamma",
    ),
    "standardized": LogitLoss(
        function=standardized_kl_divergence,
        settings=_SOFTENED,
        class_rule=ClassRule(
            fewest=3,
            why="it needs three classes or more, since two standardized logits are "
            "always 0.71 and -0.71 and have no gradient; choose kd_loss=kl, or mse in "
            "a regression",
        ),
    ),
}


def logit_objective(
    loss: str, config: DistillConfig, *, name: str, weight: float
) -> LogitObjective:
    """The objective with the loss of this name, under the run's settings.

    Raises:
        DistillError: all of its terms have the weight 0.
    """
    chosen = LOGIT_LOSSES[loss]
    settings = {
        argument: getattr(config, setting)
        for argument, setting in chosen.settings.items()
    }
    weights = [chosen.settings[each] for each in _WEIGHTS if each in chosen.settings]
    if weights and not any(getattr(config, setting) for setting in weights):
        raise DistillError(
            f"with {' and '.join(weights)} at 0 nothing is left of kd_loss={loss}; set "
            "one above 0, or choose kd_loss=kl."
        )
    return LogitObjective(
        name=name,
        weight=weight,
        loss=partial(chosen.function, **settings),
        takes_labels=chosen.takes_labels,
        class_rule=_class_rule(chosen, config),
    )


def _class_rule(loss: LogitLoss, config: DistillConfig) -> ClassRule:
    left = loss.left_with_two
    if not left or getattr(config, left) > 0:
        return loss.class_rule
    return ClassRule(
        fewest=3,
        why=f"with two classes nothing but the term of {left} is left, which is 0; set "
        "it above 0, or choose kd_loss=kl",
    )
