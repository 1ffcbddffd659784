"""SuperGLUE's files (Wang et al. 2019), and its BoolQ (Clark et al. 2019)."""

from distill_tf.tasks.json_lines import JsonLinesFile
from distill_tf.tasks.seq_pairs import seq_pair_files
from distill_tf.tasks.source import or_else
from distill_tf.tasks.task import Task
from distill_tf.tasks.tfds import TfdsProvider

_FILE_NAMES = {
    "train": ("train.jsonl",),
    "train_aug": ("train_aug.jsonl",),
    "dev": ("val.jsonl", "dev.jsonl"),
    "test": ("test.jsonl",),
}
_QUESTION = ("question", "passage")
_LABELS = ("false", "true")


def superglue_files(texts: tuple[str, str]) -> dict[str, tuple[JsonLinesFile, ...]]:
    """Where the splits of a task of pairs are in the official files.

    Args:
        texts: the keys of the two texts.
    """
    return {
        split: (JsonLinesFile(names, texts, "label"),)
        for split, names in _FILE_NAMES.items()
    }


BOOLQ = Task(
    name="boolq",
    labels=_LABELS,
    is_pair=True,
    metrics=("accuracy",),
    # VIRT's files have the same names; only their keys tell them apart.
    files=or_else(
        seq_pair_files("boolq", _LABELS, told_by_key=True), superglue_files(_QUESTION)
    ),
    provider=TfdsProvider(
        "super_glue/boolq",
        texts=_QUESTION,
        labels={"False": "false", "True": "true"},
        split_names={"train": "train", "dev": "validation", "test": "test"},
    ),
)
