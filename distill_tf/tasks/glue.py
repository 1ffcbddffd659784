"""The nine GLUE tasks in their official files (Wang et al. 2019, gluebenchmark.com).

Class orders are those of the official BERT and TinyBERT code, not those of the
Hugging Face or TensorFlow data sets, which number MNLI's classes differently. Labels
that are digits in the files stay digits here. The official test files have no
labels. `train_aug.tsv` has the layout of `train.tsv`. MNLI, QQP and RTE are also read
from VIRT's JSON lines, and RTE from SuperGLUE's, where there is no official file.
"""

from collections.abc import Mapping

from distill_tf.tasks.delimited import DelimitedFile
from distill_tf.tasks.seq_pairs import seq_pair_files
from distill_tf.tasks.source import or_else
from distill_tf.tasks.superglue import superglue_files
from distill_tf.tasks.task import Task
from distill_tf.tasks.tfds import TfdsProvider

_BINARY = ("0", "1")
_ENTAILMENT = ("entailment", "not_entailment")

_FILE_NAMES = {
    "train": ("train.tsv",),
    "train_aug": ("train_aug.tsv",),
    "dev": ("dev.tsv",),
    "test": ("test.tsv",),
}
# A subset of MNLI often has one dev set, which then stands for the matched one.
_MNLI_FILE_NAMES = {
    "train": ("train.tsv",),
    "train_aug": ("train_aug.tsv",),
    "dev_matched": ("dev_matched.tsv", "dev.tsv"),
    "dev_mismatched": ("dev_mismatched.tsv",),
    "test_matched": ("test_matched.tsv", "test.tsv"),
    "test_mismatched": ("test_mismatched.tsv",),
}
_TFDS_SPLITS = {"train": "train", "dev": "validation", "test": "test"}
_TFDS_MNLI_SPLITS = {
    "train": "train",
    "dev_matched": "validation_matched",
    "dev_mismatched": "validation_mismatched",
    "test_matched": "test_matched",
    "test_mismatched": "test_mismatched",
}


def _official_files(
    texts: tuple[str, ...],
    label: str,
    file_names: Mapping[str, tuple[str, ...]] = _FILE_NAMES,
    skip_short_rows: bool = False,
) -> dict[str, tuple[DelimitedFile, ...]]:
    """Unquoted tab-separated files whose first line names the columns."""
    return {
        split: (
            DelimitedFile(
                names,
                texts,
                label,
                # A prediction is found by its row's number, so no test row may go.
                skip_short_rows=skip_short_rows and not split.startswith("test"),
            ),
        )
        for split, names in file_names.items()
    }


def _cola_files() -> dict[str, tuple[DelimitedFile, ...]]:
    """CoLA's files lack a header (source, label, author's label, sentence); its
    test file has one."""
    files = {
        split: (DelimitedFile(names, (3,), 1, header=False, columns=4),)
        for split, names in _FILE_NAMES.items()
    }
    return files | {"test": (DelimitedFile(("test.tsv",), ("sentence",), None),)}


COLA = Task(
    name="cola",
    labels=_BINARY,
    is_pair=False,
    metrics=("matthews_corrcoef", "accuracy"),
    files=_cola_files(),
    provider=TfdsProvider(
        "glue/cola",
        texts=("sentence",),
        labels={"unacceptable": "0", "acceptable": "1"},
        split_names=_TFDS_SPLITS,
    ),
)

SST2 = Task(
    name="sst-2",
    labels=_BINARY,
    is_pair=False,
    metrics=("accuracy",),
    files=_official_files(("sentence",), "label"),
    provider=TfdsProvider(
        "glue/sst2",
        texts=("sentence",),
        labels={"negative": "0", "positive": "1"},
        split_names=_TFDS_SPLITS,
    ),
)

MRPC = Task(
    name="mrpc",
    labels=_BINARY,
    is_pair=True,
    metrics=("accuracy", "f1"),
    files=_official_files(("#1 String", "#2 String"), "Quality"),
    provider=TfdsProvider(
        "glue/mrpc",
        texts=("sentence1", "sentence2"),
        labels={"not_equivalent": "0", "equivalent": "1"},
        split_names=_TFDS_SPLITS,
    ),
)

# A few rows of the official train file lack columns; it is usual to leave them out.
QQP = Task(
    name="qqp",
    labels=_BINARY,
    is_pair=True,
    metrics=("accuracy", "f1"),
    files=or_else(
        _official_files(
            ("question1", "question2"), "is_duplicate", skip_short_rows=True
        ),
        seq_pair_files("qqp", _BINARY),
    ),
    provider=TfdsProvider(
        "glue/qqp",
        texts=("question1", "question2"),
        labels={"not_duplicate": "0", "duplicate": "1"},
        split_names=_TFDS_SPLITS,
    ),
)

STSB = Task(
    name="sts-b",
    labels=(),
    is_pair=True,
    metrics=("pearson", "spearman"),
    files=_official_files(("sentence1", "sentence2"), "score"),
    provider=TfdsProvider(
        "glue/stsb",
        texts=("sentence1", "sentence2"),
        labels={},
        split_names=_TFDS_SPLITS,
    ),
)

_MNLI_LABELS = ("contradiction", "entailment", "neutral")

MNLI = Task(
    name="mnli",
    labels=_MNLI_LABELS,
    is_pair=True,
    metrics=("accuracy",),
    files=or_else(
        _official_files(("sentence1", "sentence2"), "gold_label", _MNLI_FILE_NAMES),
        seq_pair_files(
            "mnli",
            _MNLI_LABELS,
            split_names={"dev": "dev_matched", "test": "test_matched"},
        ),
    ),
    dev_splits=("dev_matched", "dev_mismatched"),
    test_splits=("test_matched", "test_mismatched"),
    provider=TfdsProvider(
        "glue/mnli",
        texts=("premise", "hypothesis"),
        labels={
            "entailment": "entailment",
            "neutral": "neutral",
            "contradiction": "contradiction",
        },
        split_names=_TFDS_MNLI_SPLITS,
    ),
)

QNLI = Task(
    name="qnli",
    labels=_ENTAILMENT,
    is_pair=True,
    metrics=("accuracy",),
    files=_official_files(("question", "sentence"), "label"),
    provider=TfdsProvider(
        "glue/qnli",
        texts=("question", "sentence"),
        labels={"entailment": "entailment", "not_entailment": "not_entailment"},
        split_names=_TFDS_SPLITS,
    ),
)

RTE = Task(
    name="rte",
    labels=_ENTAILMENT,
    is_pair=True,
    metrics=("accuracy",),
    files=or_else(
        _official_files(("sentence1", "sentence2"), "label"),
        seq_pair_files("rte", _ENTAILMENT, told_by_key=True),
        superglue_files(("premise", "hypothesis")),
    ),
    provider=TfdsProvider(
        "glue/rte",
        texts=("sentence1", "sentence2"),
        labels={"entailment": "entailment", "not_entailment": "not_entailment"},
        split_names=_TFDS_SPLITS,
    ),
)

WNLI = Task(
    name="wnli",
    labels=_BINARY,
    is_pair=True,
    metrics=("accuracy",),
    files=_official_files(("sentence1", "sentence2"), "label"),
    provider=TfdsProvider(
        "glue/wnli",
        texts=("sentence1", "sentence2"),
        labels={"not_entailment": "0", "entailment": "1"},
        split_names=_TFDS_SPLITS,
    ),
)

GLUE_TASKS = (COLA, SST2, MRPC, QQP, STSB, MNLI, QNLI, RTE, WNLI)
