"""The teacher of a distillation: loaded, and looked at before it teaches."""

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.evaluation.metrics import majority_baseline
from distill_tf.files import write_json_atomically
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.finish import evaluate_model
from distill_tf.pipeline.resolve import is_sample
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.sample_teacher import sample_teacher
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.predictor import Predictor


def load_teacher(config: DistillConfig, data: TaskData) -> Predictor:
    """The configured teacher, in float32; that of a sample task is trained first.

    Raises:
        DistillError: there is none, or it does not fit the task.
    """
    checkpoint = config.init_checkpoint_teacher
    if not checkpoint and is_sample(data.task):
        checkpoint = sample_teacher(config, data)
    if not checkpoint:
        raise DistillError(
            f"distilling on {data.task.name} needs a teacher; give "
            "init_checkpoint_teacher, the output folder of run_classifier.py for "
            "instance."
        )
    return load_classifier(
        checkpoint,
        data.labels,
        config.max_seq_length,
        layout=TextLayout.of(config, pads_to_max=config.strict_virt),
        bert_config_file=config.bert_config_file,
        vocab_file=config.vocab_file,
        do_lower_case=config.do_lower_case,
        pooling_strategy=config.pooling_strategy,
    )


def rate_teacher(teacher: Predictor, folder: RunFolder, data: TaskData) -> None:
    """Evaluates the teacher once a run, and warns if it has nothing to teach."""
    if folder.teacher_results() is not None:
        return
    results = evaluate_model(teacher, data, folder.config.eval_batch_size)
    if "accuracy" in results:
        _warn_if_guessing(results["accuracy"], data)
    write_json_atomically(folder.teacher_file, results)


def _warn_if_guessing(accuracy: float, data: TaskData) -> None:
    majority = majority_baseline(data.dev_labels())
    if accuracy <= majority:
        logging.warning(
            "THE TEACHER IS NO BETTER THAN GUESSING: its dev accuracy is %.4f, and "
            "always answering the most frequent label gives %.4f. Is it fine-tuned on "
            "%s, with the labels in the order %s?",
            accuracy,
            majority,
            data.task.name,
            ", ".join(data.labels.names),
        )
