"""No distillation: the student learns from the labels alone, as fine-tuning does."""

from distill_tf.methods.stage import Stage
from distill_tf.objectives import LabelObjective


def labels_only(
    *, epochs: float, learning_rate: float, regression: bool
) -> tuple[Stage, ...]:
    """One stage with the labels' cross-entropy (squared error in a regression)."""
    return (
        Stage(
            name="labels",
            objectives=(LabelObjective(name="label_loss", regression=regression),),
            epochs=epochs,
            learning_rate=learning_rate,
        ),
    )
