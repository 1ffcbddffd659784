"""Settings that every training run has."""

from dataclasses import dataclass

from distill_tf.config.options import option
from distill_tf.config.speed import SpeedOptions


@dataclass(frozen=True, kw_only=True)
class TrainingOptions(SpeedOptions):
    """Batches, optimizer, checkpoints, and where results go."""

    output_dir: str = option(
        "", "Where the run is kept; by default output/<task>_<what>.", same_run=True
    )
    result_dir: str = option(
        "", "Folder that gets a second copy of results_eval.json.", same_run=True
    )
    train_batch_size: int = option(32, "Examples a training step.", minimum=1)
    eval_batch_size: int = option(
        64, "Examples a batch in evaluation.", minimum=1, same_run=True
    )
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
    eval_steps: int = option(
        0, "Evaluate every N steps; 0: at the end of every epoch.", minimum=0
    )
    early_stopping_patience: int = option(
        0,
        "Stop a stage after this many evaluations without a better dev result; "
        "0 never stops early.",
        minimum=0,
    )
    save_checkpoints_steps: int = option(
        500, "Save the training state every N steps.", minimum=1, same_run=True
    )
    seed: int = option(42, "Seed of weights, dropout and order.", minimum=0)
    do_train: bool = option(True, "Train.", same_run=True)
    do_eval: bool = option(True, "Evaluate on the dev set.", same_run=True)
    do_predict: bool = option(
        False, "Write predictions for the test set.", same_run=True
    )
    export: str = option(
        "",
        "Formats to write the finished model in, separated by commas: savedmodel, "
        "pytorch, keras_hub, google, onnx, litert.",
        same_run=True,
    )
    serve_for_online: bool = option(
        False,
        "At the end, remove from output_dir what serving does not need: training "
        "states, logs, the student alone.",
        same_run=True,
    )
    tensorboard: bool = option(
        True, "Write TensorBoard logs into the run's folder.", same_run=True
    )
