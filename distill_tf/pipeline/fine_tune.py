"""Fine-tuning a BERT classifier, from configuration to report."""

from typing import Any

import keras

from distill_tf.config import FineTuneConfig
from distill_tf.errors import DistillError
from distill_tf.methods import labels_only
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.evaluate import dev_evaluation
from distill_tf.pipeline.finish import check_exports
from distill_tf.pipeline.finish import check_finish
from distill_tf.pipeline.finish import finish
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.task_data import training_batches
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.pipeline.text_layout import check_side_lengths
from distill_tf.pipeline.train_stages import train_stages
from distill_tf.pipeline.trained_on import TrainedOn
from distill_tf.precision import resolve_precision
from distill_tf.predictor import Predictor
from distill_tf.tasks import Examples
from distill_tf.threads import set_threads


def fine_tune(config: FineTuneConfig) -> dict[str, Any]:
    """Fine-tunes, evaluates and predicts as the configuration says.

    Called again after a break, it goes on from the last saved state; called on a
    finished run, it evaluates that.

    Returns:
        What results_eval.json holds; empty without do_eval.

    Raises:
        DistillError: a mistake in the configuration, the data or the checkpoint.
    """
    set_threads(config.num_threads, config.inter_op_threads, config.batch_parts)
    data = TaskData.load(config)
    config = config.replace(task_name=data.task.name)
    if not config.output_dir:
        config = config.replace(output_dir=f"output/{data.task.name}_teacher")
    with RunFolder(config) as folder:
        check_finish(config, data)
        if config.do_train and not Predictor.is_saved_in(folder.path):
            train = data.train()
            start = _load_start(config, data)
            check_exports(config, start)
            train_classifier(config, start, train, folder, data)
        return finish(folder, data, "fine-tuned")


def train_classifier(
    config: FineTuneConfig,
    start: Predictor,
    train: Examples,
    folder: RunFolder,
    data: TaskData,
) -> None:
    """Trains a classifier on labels and saves its best weights in the run's folder."""
    running = start.with_precision(resolve_precision(config.precision))
    stages = labels_only(
        epochs=config.num_train_epochs,
        learning_rate=config.learning_rate,
        regression=data.task.is_regression,
    )
    batches = training_batches(
        train,
        start.encoder,
        config.train_batch_size,
        config.seed,
        tokens_per_batch=config.tokens_per_batch,
    )
    evaluate = dev_evaluation(data, start.encoder, config.eval_batch_size)
    folder.begin(TrainedOn.of(data, train))
    finished = train_stages(
        running,
        stages,
        {stage.name: batches for stage in stages},
        evaluate,
        folder.stage(),
        config,
    )
    finished.save(folder.path)


def _load_start(config: FineTuneConfig, data: TaskData) -> Predictor:
    if not (config.init_checkpoint or config.from_scratch):
        raise DistillError(
            "fine-tuning needs weights to start from; give init_checkpoint, e.g. "
            "checkpoints/uncased_L-12_H-768_A-12, or from_scratch with "
            "bert_config_file and vocab_file."
        )
    # Fixes the head's initial values.
    keras.utils.set_random_seed(config.seed)
    start = load_classifier(
        config.init_checkpoint,
        data.labels,
        config.max_seq_length,
        layout=TextLayout.of(config),
        bert_config_file=config.bert_config_file,
        vocab_file=config.vocab_file,
        do_lower_case=config.do_lower_case,
        pooling_strategy=config.pooling_strategy,
        new_head=True,
        from_scratch=config.from_scratch,
    )
    check_side_lengths(config, [start.encoder])
    return start
