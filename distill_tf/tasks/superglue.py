"""SuperGLUE's BoolQ (Clark et al. 2019) in its official files, or in VIRT's."""

from distill_tf.tasks.json_lines import JsonLinesFile
from distill_tf.tasks.seq_pairs import seq_pair_files
from distill_tf.tasks.task import Task
from distill_tf.tasks.tfds import TfdsProvider

_KEYS = ("question", "passage")
_LABELS = ("false", "true")
_FILES = {
    "train": JsonLinesFile(("train.jsonl",), _KEYS, "label"),
    "train_aug": JsonLinesFile(("train_aug.jsonl",), _KEYS, "label"),
    "dev": JsonLinesFile(("val.jsonl", "dev.jsonl"), _KEYS, "label"),
    "test": JsonLinesFile(("test.jsonl",), _KEYS, "label"),
}
# Both have files of the same names, which only their keys tell apart.
_SEQ_PAIRS = seq_pair_files("boolq", _LABELS, told_by_key=True)

BOOLQ = Task(
    name="boolq",
    labels=_LABELS,
    is_pair=True,
    metrics=("accuracy",),
    files={
        split: (*_SEQ_PAIRS.get(split, ()), source) for split, source in _FILES.items()
    },
    provider=TfdsProvider(
        "super_glue/boolq",
        texts=_KEYS,
        labels={"False": "false", "True": "true"},
        split_names={"train": "train", "dev": "validation", "test": "test"},
    ),
)
