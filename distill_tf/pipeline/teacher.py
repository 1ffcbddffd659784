"""The teacher of a distillation: chosen, and looked at before it teaches."""

from pathlib import Path

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config.teacher import TeacherOptions
from distill_tf.errors import DistillError
from distill_tf.evaluation.metrics import majority_baseline
from distill_tf.files import write_json_atomically
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.resolve import is_sample
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.sample_teacher import sample_teacher
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher_ratings import rate_once
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.pipeline.teachers import LogitsFile
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.teachers.keras_hub import is_other_family
from distill_tf.pipeline.teachers.keras_hub import load_keras_hub_classifier
from distill_tf.pipeline.text_layout import TextLayout
from distill_tf.predictor import Predictor
from distill_tf.teacher_logits.config import WriteLogitsConfig


def load_teacher(
    config: DistillConfig, data: TaskData, may_train: bool = True
) -> Teacher:
    """The configured teacher, in float32.

    Args:
        config: names it.
        data: its task.
        may_train: whether that of a sample task is trained if it is not there.

    Raises:
        DistillError: there is none but the method needs one, or it does not fit the
            task.
    """
    checkpoints = config.init_checkpoint_teacher
    if config.teacher_logits:
        _check_alone(config)
        return LogitsFile(config.teacher_logits, data)
    if not checkpoints and is_sample(data.task):
        checkpoints = sample_teacher(config, data, may_train)
    if checkpoints:
        return load_live_teacher(
            config.replace(init_checkpoint_teacher=checkpoints),
            data,
            pads_to_max=config.strict_virt,
        )
    if config.method == "none":
        return Teacher(data.labels)
    raise DistillError(
        f"distilling on {data.task.name} needs a teacher; give "
        "init_checkpoint_teacher, the output folder of run_classifier.py for "
        "instance, or teacher_logits."
    )


def _check_alone(config: DistillConfig) -> None:
    if config.init_checkpoint_teacher:
        raise DistillError(
            "init_checkpoint_teacher and teacher_logits both say who teaches; give "
            "only one of them."
        )
    for option in ("teacher_weights", "bert_config_file", "input_layout"):
        if getattr(config, option):
            raise DistillError(
                f"{option} describes teachers that compute, but teacher_logits is a "
                "file; leave one of them out."
            )


def load_live_teacher(
    config: DistillConfig | WriteLogitsConfig,
    data: TaskData,
    pads_to_max: bool = False,
) -> LiveTeacher:
    """The classifiers of `init_checkpoint_teacher`, in float32.

    With `pads_to_max`, a bipartite one's batches are padded to the maximum.

    Raises:
        DistillError: one is missing, cannot be read, or does not fit the task.
    """
    checkpoints = config.init_checkpoint_teacher.split(",")
    weights = _weights(config, len(checkpoints))
    if len(checkpoints) == 1:
        return LiveTeacher([_load_one(checkpoints[0], config, data, pads_to_max)])
    if config.bert_config_file:
        raise DistillError(
            "bert_config_file belongs to one checkpoint, but init_checkpoint_teacher "
            f"names {len(checkpoints)}; put each one's beside its weights."
        )
    # What describes a single teacher's reading describes the student's here.
    own = config.replace(vocab_file="", do_lower_case=None, pooling_strategy=None)
    members = [_load_one(each, own, data, pads_to_max) for each in checkpoints]
    return LiveTeacher(members, weights)


def _load_one(
    checkpoint: str,
    config: DistillConfig | WriteLogitsConfig,
    data: TaskData,
    pads_to_max: bool,
) -> Predictor:
    checkpoint = checkpoint.strip()
    if not checkpoint:
        raise DistillError(
            "init_checkpoint_teacher should name teachers separated by commas, but is "
            f"{config.init_checkpoint_teacher!r}; take the empty one out."
        )
    if is_other_family(Path(checkpoint)):
        if config.bert_config_file:
            raise DistillError(
                f"{checkpoint} is a KerasHub preset, which has its own configuration; "
                "leave out bert_config_file."
            )
        if config.input_layout:
            raise DistillError(
                f"{checkpoint} is a KerasHub preset, which lays out pairs in its own "
                "way; leave out input_layout."
            )
        return load_keras_hub_classifier(
            Path(checkpoint), data.labels, config.max_seq_length
        )
    # A run's folder knows what its head was trained on, other checkpoints do not.
    knows_pooling = Predictor.is_saved_in(Path(checkpoint))
    return load_classifier(
        checkpoint,
        data.labels,
        config.max_seq_length,
        layout=TextLayout.of(config, pads_to_max),
        bert_config_file=config.bert_config_file,
        vocab_file=config.vocab_file,
        do_lower_case=config.do_lower_case,
        pooling_strategy=None if knows_pooling else config.pooling_strategy,
    )


def _weights(config: TeacherOptions, num_teachers: int) -> list[float] | None:
    if not config.teacher_weights:
        return None
    try:
        weights = [float(part) for part in config.teacher_weights.split(",")]
    except ValueError:
        weights = []
    positive = all(0 < weight < float("inf") for weight in weights)
    if len(weights) != num_teachers or not positive:
        raise DistillError(
            f"teacher_weights should be {num_teachers} numbers above 0 separated by "
            "commas, one for each of init_checkpoint_teacher, but is "
            f"{config.teacher_weights!r}; correct it."
        )
    return weights


def rate_teacher(
    teacher: Teacher, folder: RunFolder, data: TaskData, cache: Path | None
) -> None:
    """Evaluates the teacher once a run, and warns if it has nothing to teach.

    Once for all runs that share a teacher cache.
    """
    if folder.teacher_results() is not None:
        return
    results = rate_once(teacher, data, folder.config.eval_batch_size, cache)
    for heading, result in results.items():
        if "accuracy" in result:
            _warn_if_guessing(heading, result["accuracy"], data)
    write_json_atomically(folder.teacher_file, results)


def _warn_if_guessing(heading: str, accuracy: float, data: TaskData) -> None:
    majority = majority_baseline(data.dev_examples().labels)
    if accuracy <= majority:
        logging.warning(
            "THE %s IS NO BETTER THAN GUESSING: its dev accuracy is %.4f, and "
            "always answering the most frequent label gives %.4f. Is it fine-tuned on "
            "%s, with the labels in the order %s?",
            heading.upper(),
            accuracy,
            majority,
            data.task.name,
            ", ".join(data.labels.names),
        )
