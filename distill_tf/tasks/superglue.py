"""SuperGLUE's BoolQ in its official files (Clark et al. 2019)."""

from distill_tf.tasks.json_lines import JsonLinesFile
from distill_tf.tasks.task import Task
from distill_tf.tasks.tfds import TfdsProvider

_KEYS = ("question", "passage")

BOOLQ = Task(
    name="boolq",
    labels=("false", "true"),
    is_pair=True,
    metrics=("accuracy",),
    files={
        "train": (JsonLinesFile(("train.jsonl",), _KEYS, "label"),),
        "train_aug": (JsonLinesFile(("train_aug.jsonl",), _KEYS, "label"),),
        "dev": (JsonLinesFile(("val.jsonl", "dev.jsonl"), _KEYS, "label"),),
        "test": (
            JsonLinesFile(("test.jsonl",), _KEYS, "label", label_is_optional=True),
        ),
    },
    provider=TfdsProvider(
        "super_glue/boolq",
        texts=_KEYS,
        labels={"False": "false", "True": "true"},
        split_names={"train": "train", "dev": "validation", "test": "test"},
    ),
)
