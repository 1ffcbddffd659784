"""The student as it would start, as a checkpoint that others can read."""

from pathlib import Path

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config.options import CONFIG_FILE
from distill_tf.errors import DistillError
from distill_tf.export.google import EXPORTER
from distill_tf.files import atomic_path
from distill_tf.files import refuse_other_files
from distill_tf.pipeline.students import STUDENTS
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teacher_sizes import with_teacher_sizes
from distill_tf.pipeline.teachers import bert_config_of
from distill_tf.tasks import Examples

_KINDS = ("tinybert", "bert_pkd", "theseus")


def write_initial_student(config: DistillConfig, data: TaskData) -> None:
    """Writes a Google checkpoint as `output_dir`, with the teacher's vocabulary.

    What `bert-pkd_generate_student_model.py` does in
    Oneflow-Inc/Oneflow-Model-Compression: with `layer_list`, these layers of the
    teacher, and its embeddings, pooler and head.

    Raises:
        DistillError: the student is no BERT, or one that the format cannot hold, or
            the folder is a run's.
    """
    folder = Path(config.output_dir)
    if config.model_type not in _KINDS:
        raise DistillError(
            "init_student_only writes a BERT, but model_type is "
            f"{config.model_type}; choose one of {', '.join(_KINDS)}."
        )
    if (folder / CONFIG_FILE).exists():
        raise DistillError(
            f"{folder} is the folder of a run, but init_student_only writes a new one; "
            "choose another output_dir."
        )
    # The folder is replaced whole, with what is hidden in it.
    refuse_other_files(folder, [each.name for each in folder.glob("*")])
    teacher = load_teacher(config, data)
    config = with_teacher_sizes(config, bert_config_of(teacher))
    no_examples = Examples([])  # The vocabulary is the teacher's.
    student = STUDENTS[config.model_type](config, teacher, no_examples)
    start = student.finish(student.build("float32"))
    EXPORTER.check(start)
    with atomic_path(folder) as temporary:
        temporary.mkdir()
        EXPORTER.export(start, temporary)
    logging.info(
        "The student as it starts (%d layers) is in %s.",
        start.model.config.num_hidden_layers,
        folder,
    )
