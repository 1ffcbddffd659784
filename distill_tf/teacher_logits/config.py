"""Settings of python -m distill_tf.teacher_logits."""

from dataclasses import dataclass

from distill_tf.config.more_texts import MoreTextOptions
from distill_tf.config.options import option
from distill_tf.config.pair_texts import PairTextOptions
from distill_tf.config.task import TaskOptions
from distill_tf.config.teacher import TeacherOptions


@dataclass(frozen=True, kw_only=True)
class WriteLogitsConfig(TaskOptions, MoreTextOptions, PairTextOptions, TeacherOptions):
    """A task, a teacher that can be asked, and where its answers go."""

    output_file: str = option("", "The .jsonl file to write.")
    eval_batch_size: int = option(64, "Examples a batch.", minimum=1)
