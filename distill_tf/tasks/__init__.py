"""What a task is: its files, columns, labels in order and metrics."""

from distill_tf.tasks.augmented import with_augmented
from distill_tf.tasks.custom import custom_task
from distill_tf.tasks.examples import UNLABELLED
from distill_tf.tasks.examples import Examples
from distill_tf.tasks.examples import concatenate
from distill_tf.tasks.examples import text_key
from distill_tf.tasks.examples import text_keys
from distill_tf.tasks.from_options import build_task
from distill_tf.tasks.registry import TASK_NAMES
from distill_tf.tasks.registry import get_task
from distill_tf.tasks.sample import SampleSizes
from distill_tf.tasks.sample import sample_pair_task
from distill_tf.tasks.sample import sample_task
from distill_tf.tasks.sample_vocabulary import sample_vocabulary
from distill_tf.tasks.task import AUGMENTED
from distill_tf.tasks.task import METRIC_NAMES
from distill_tf.tasks.task import Task

__all__ = [
    "AUGMENTED",
    "METRIC_NAMES",
    "TASK_NAMES",
    "UNLABELLED",
    "Examples",
    "SampleSizes",
    "Task",
    "build_task",
    "concatenate",
    "custom_task",
    "get_task",
    "sample_pair_task",
    "sample_task",
    "sample_vocabulary",
    "text_key",
    "text_keys",
    "with_augmented",
]
