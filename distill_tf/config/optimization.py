"""Settings of whatever is trained by steps."""

from dataclasses import dataclass

from distill_tf.config.options import option
from distill_tf.config.speed import SpeedOptions
from distill_tf.config.unread_options import Readers
from distill_tf.config.unread_options import refuse_unread

_OPTIMIZER_OPTIONS = (
    Readers("optimizer", ("adamw",), ("weight_decay",)),
    Readers("optimizer", ("adamw", "adam"), ("embedding_optimizer",)),
)


@dataclass(frozen=True, kw_only=True)
class OptimizationOptions(SpeedOptions):
    """Batches, optimizer, saved states, what is logged.

    Raises:
        DistillError: a value is not allowed, or not read by the chosen optimizer.
    """

    train_batch_size: int = option(32, "Examples a training step.", minimum=1)
    optimizer: str = option(
        "adamw",
        "Kind of optimizer: adamw, adam (without decay), or adadelta (rho 0.95, as "
        "Paddle's students).",
        choices=("adamw", "adam", "adadelta"),
    )
    lr_schedule: str | None = option(
        None,
        "Course of the learning rate: linear (warm-up, then decay to 0) or constant; "
        "by default what the method says.",
        choices=("linear", "constant"),
    )
    clip_norm: float = option(
        1.0, "Largest norm of all gradients together; 0 does not clip.", minimum=0
    )
    warmup_proportion: float = option(
        0.1,
        "Share of the steps in which the learning rate rises.",
        minimum=0,
        maximum=1,
    )
    weight_decay: float = option(
        0.01, "AdamW's decay; never applied to biases and LayerNorm.", minimum=0
    )
    save_checkpoints_steps: int = option(
        500, "Save the training state every N steps.", minimum=1, same_run=True
    )
    log_steps: int = option(
        0,
        "Log the losses' means over every N steps; 0: over every epoch.",
        minimum=0,
        same_run=True,
    )
    seed: int = option(
        42,
        "Seed of weights, dropout and order.",
        minimum=0,
        # NumPy's global generator, which Keras seeds too, takes no larger one.
        maximum=2**32 - 1,
    )
    tensorboard: bool = option(
        True, "Write TensorBoard logs into the run's folder.", same_run=True
    )

    def __post_init__(self):
        super().__post_init__()
        refuse_unread(self, _OPTIMIZER_OPTIONS)
