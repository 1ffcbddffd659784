"""Settings that every run on a task has."""

from dataclasses import dataclass

from distill_tf.config.optimization import OptimizationOptions
from distill_tf.config.options import option


@dataclass(frozen=True, kw_only=True)
class TrainingOptions(OptimizationOptions):
    """How it is trained and evaluated, and where results go."""

    output_dir: str = option(
        "", "Where the run is kept; by default output/<task>_<what>.", same_run=True
    )
    result_dir: str = option(
        "", "Folder that gets a second copy of results_eval.json.", same_run=True
    )
    eval_batch_size: int = option(
        64, "Examples a batch in evaluation.", minimum=1, same_run=True
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
