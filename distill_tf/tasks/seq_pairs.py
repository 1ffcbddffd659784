"""Pairs as JSON lines `{"seq1": .., "seq2": .., "label": {"cls": number}}`.

The format in which VIRT (lidan528/VIRT), and DeFormer before it, keep the GLUE and
SuperGLUE pairs that they learn from.
"""

from collections.abc import Mapping

from distill_tf.tasks.json_lines import JsonLinesFile

_TEXTS = ("seq1", "seq2")
_LABEL = "label.cls"
_STEMS = {"train": ("train",), "dev": ("dev", "val"), "test": ("test",)}


def seq_pair_files(
    task: str,
    classes: tuple[str, ...],
    *,
    split_names: Mapping[str, str] | None = None,
    told_by_key: bool = False,
) -> dict[str, tuple[JsonLinesFile, ...]]:
    """Where the splits of a task are in this format.

    Files are called train.jsonl, dev.jsonl or val.jsonl, and test.jsonl, or the same
    after the task's name and a dash, as mnli-train.jsonl.

    Args:
        task: the prefix.
        classes: the labels in the order of their numbers.
        split_names: what the task calls "train", "dev" and "test", where it differs.
        told_by_key: whether another format of the task has files of these names.
    """
    split_names = split_names or {}
    return {
        split_names.get(split, split): (
            JsonLinesFile(
                tuple(
                    f"{prefix}{stem}.jsonl"
                    for prefix in ("", f"{task}-")
                    for stem in stems
                ),
                _TEXTS,
                _LABEL,
                classes=classes,
                only_with_key=_TEXTS[0] if told_by_key else None,
            ),
        )
        for split, stems in _STEMS.items()
    }
