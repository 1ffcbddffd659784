"""Tiny task files, teachers and settings, for whole runs that take seconds."""

from pathlib import Path

from tiny_bert import random_weights
from tiny_bert import write_google

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.method_table import METHOD_TABLE

TRAIN_ROWS, DEV_ROWS, TEST_ROWS = 11, 7, 5
QUICK = {
    "task_name": "sst-2",
    "max_seq_length": 9,
    "train_batch_size": 4,
    "num_train_epochs": 1.0,
    "precision": "float32",
    "tensorboard": False,
}
STUDENT = {
    "method": "tinybert",
    "student_num_hidden_layers": 1,
    "student_hidden_size": 6,
    "student_num_attention_heads": 3,
    "student_intermediate_size": 10,
    "intermediate_epochs": 1.0,
    "learning_rate": 1e-3,
    "intermediate_learning_rate": 1e-3,
}
# The size of `tiny_bert.CONFIG`, which the teachers have.
AS_THE_TEACHER = {
    "student_num_hidden_layers": 2,
    "student_hidden_size": 12,
    "student_num_attention_heads": 3,
    "student_intermediate_size": 20,
}


def write_rows(path: Path, *rows) -> Path:
    """Writes tab-separated rows, the first one being the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path


def text(row: int) -> str:
    """Between one and four words, different for neighbouring rows."""
    words = ("a", "ba", "c d", "efg")
    return " ".join(words[(row + i) % 4] for i in range(1 + row % 3))


def write_sst2(folder: Path) -> str:
    """The files of SST-2; gives the folder."""
    for split, count in (("train", TRAIN_ROWS), ("dev", DEV_ROWS)):
        rows = ((text(row), str(row % 2)) for row in range(count))
        write_rows(folder / f"{split}.tsv", ("sentence", "label"), *rows)
    rows = ((str(row), text(row)) for row in range(TEST_ROWS))
    write_rows(folder / "test.tsv", ("index", "sentence"), *rows)
    return str(folder)


def write_pairs(folder: Path, splits, label_column: str, labels) -> str:
    """Files of a GLUE task with sentence1 and sentence2; gives the folder."""
    header = ("sentence1", "sentence2", label_column)
    for split in splits:
        rows = (
            (text(row), text(row + 1), labels[row % len(labels)])
            for row in range(DEV_ROWS)
        )
        write_rows(folder / f"{split}.tsv", header, *rows)
    return str(folder)


def write_teacher(folder: Path, num_classes: int = 2, seed: int = 0) -> str:
    """A fine-tuned Google checkpoint; gives its prefix."""
    weights = random_weights(seed, head=True)
    weights["output_weights"] = weights["output_weights"][:num_classes]
    weights["output_bias"] = weights["output_bias"][:num_classes]
    return str(write_google(folder, weights, "model.ckpt-46000"))


def fine_tune_config(**settings) -> FineTuneConfig:
    return FineTuneConfig(**{**QUICK, **settings})


def distill_config(**settings) -> DistillConfig:
    has_layers = settings.get("model_type") not in ("bilstm", "static")
    settings = {**QUICK, **(STUDENT if has_layers else {}), **settings}
    method = METHOD_TABLE.get(settings.get("method"))
    for name in ("intermediate_epochs", "intermediate_learning_rate"):
        if method and name not in method.options:
            settings.pop(name, None)
    return DistillConfig(**settings)


# What a bert_pkd or theseus takes from its teacher.
OF_THE_TEACHER = {name: None for name in AS_THE_TEACHER}
