"""The GLUE tasks against small files in the official layouts and the real ones."""

import numpy as np
import pytest
from real_data import real_data

from distill_tf.errors import DistillError
from distill_tf.tasks import glue

FOUR = ["index", "sentence1", "sentence2", "label"]
QNLI_HEADER = ["index", "question", "sentence", "label"]
MNLI_HEADER = (
    "index promptID pairID genre sentence1_binary_parse sentence2_binary_parse "
    "sentence1_parse sentence2_parse sentence1 sentence2"
).split()
STSB_HEADER = (
    "index genre filename year old_index source1 source2 sentence1 sentence2 score"
).split()
QQP_HEADER = "id qid1 qid2 question1 question2 is_duplicate".split()
MRPC_HEADER = ["Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"]


def name_of(value):
    return getattr(value, "name", "")


def filler(count):
    return ["-"] * count


# task, header of the official file (None: none), one row, its label
TRAIN_ROWS = [
    (glue.COLA, None, ["gj04", "1", "", "A"], 1),
    (glue.SST2, ["sentence", "label"], ["A", "0"], 0),
    (glue.MRPC, MRPC_HEADER, ["1", "7", "8", "A", "B"], 1),
    (glue.QQP, QQP_HEADER, ["3", "7", "8", "A", "B", "1"], 1),
    (glue.STSB, STSB_HEADER, [*filler(7), "A", "B", "3.800"], np.float32(3.8)),
    (
        glue.MNLI,
        [*MNLI_HEADER, "label1", "gold_label"],
        [*filler(8), "A", "B", "neutral", "contradiction"],
        0,
    ),
    (
        glue.QNLI,
        QNLI_HEADER,
        ["0", "A", "B", "entailment"],
        0,
    ),
    (glue.RTE, FOUR, ["0", "A", "B", "not_entailment"], 1),
    (glue.WNLI, FOUR, ["0", "A", "B", "1"], 1),
]
TEST_ROWS = [
    (glue.COLA, ["index", "sentence"], ["0", "A"]),
    (glue.SST2, ["index", "sentence"], ["0", "A"]),
    (glue.MRPC, ["index", *MRPC_HEADER[1:]], ["0", "7", "8", "A", "B"]),
    (glue.QQP, ["id", "question1", "question2"], ["0", "A", "B"]),
    (glue.STSB, STSB_HEADER[:-1], [*filler(7), "A", "B"]),
    (glue.MNLI, MNLI_HEADER, [*filler(8), "A", "B"]),
    (glue.QNLI, QNLI_HEADER[:-1], ["0", "A", "B"]),
    (glue.RTE, FOUR[:-1], ["0", "A", "B"]),
    (glue.WNLI, FOUR[:-1], ["0", "A", "B"]),
]


def write(path, *records):
    lines = ["\t".join(record) for record in records if record]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def texts_of(task):
    return (["A"], ["B"] if task.is_pair else None)


@pytest.mark.parametrize(
    ("task", "header", "record", "label"),
    TRAIN_ROWS,
    ids=name_of,
)
def test_official_train_layout(tmp_path, task, header, record, label):
    write(tmp_path / "train.tsv", header, record)
    examples = task.load(tmp_path, "train")
    assert (examples.texts_a, examples.texts_b) == texts_of(task)
    np.testing.assert_array_equal(examples.labels, [label])


@pytest.mark.parametrize(("task", "header", "record"), TEST_ROWS, ids=name_of)
def test_official_test_layout(tmp_path, task, header, record):
    split = task.test_splits[0]
    write(tmp_path / f"{split}.tsv", header, record)
    examples = task.load(tmp_path, split)
    assert (examples.texts_a, examples.texts_b) == texts_of(task)
    assert examples.labels is None


def test_mnli_dev_sets_have_five_annotators(tmp_path):
    header = [*MNLI_HEADER, *(f"label{i}" for i in range(1, 6)), "gold_label"]
    for name, label in (("matched", "neutral"), ("mismatched", "entailment")):
        record = [*filler(8), "A", name, *filler(5), label]
        write(tmp_path / f"dev_{name}.tsv", header, record)
    assert glue.MNLI.available_dev_splits(tmp_path) == glue.MNLI.dev_splits
    matched = glue.MNLI.load(tmp_path, "dev_matched")
    mismatched = glue.MNLI.load(tmp_path, "dev_mismatched")
    assert (matched.texts_b, matched.labels[0]) == (["matched"], 2)
    assert (mismatched.texts_b, mismatched.labels[0]) == (["mismatched"], 1)


def test_qqp_leaves_out_short_rows(tmp_path):
    write(
        tmp_path / "train.tsv",
        QQP_HEADER,
        ["1", "7", "8", "A", "B", "1"],
        ["2", "7", "8", "cut"],
    )
    assert len(glue.QQP.load(tmp_path, "train")) == 1


def test_a_short_row_of_qqps_test_set_is_an_error(tmp_path):
    """Left out, it would shift the numbers of the predictions after it."""
    header = ["id", "question1", "question2"]
    write(tmp_path / "test.tsv", header, ["0", "A", "B"], ["1", "cut"])
    with pytest.raises(DistillError, match=r"test.tsv:3: expected 3 columns .* got 2"):
        glue.QQP.load(tmp_path, "test")


def test_augmented_train_set(tmp_path):
    assert not glue.SST2.has_split(tmp_path, "train_aug")
    write(tmp_path / "train_aug.tsv", ["sentence", "label"], ["A", "1"])
    assert glue.SST2.load(tmp_path, "train_aug").texts_a == ["A"]


def test_label_orders_and_deciding_metrics():
    assert glue.MNLI.labels == ("contradiction", "entailment", "neutral")
    assert glue.RTE.labels == glue.QNLI.labels == ("entailment", "not_entailment")
    assert {task.name: task.metrics[0] for task in glue.GLUE_TASKS} == {
        "cola": "matthews_corrcoef",
        "sst-2": "accuracy",
        "mrpc": "accuracy",
        "qqp": "accuracy",
        "sts-b": "pearson",
        "mnli": "accuracy",
        "qnli": "accuracy",
        "rte": "accuracy",
        "wnli": "accuracy",
    }


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("task", "folder", "rows"),
    [
        (glue.SST2, "glue/SST-2", {"train": 67349, "dev": 872, "test": 1821}),
        (glue.COLA, "glue/CoLA", {"train": 8551, "dev": 1043, "test": 1063}),
        (glue.RTE, "glue/RTE", {"train": 2490, "dev": 277, "test": 3000}),
        (glue.MRPC, "glue/MRPC", {"train": 3668, "dev": 408, "test": 1725}),
        (glue.QQP, "glue_10k/QQP", {"train": 8999, "dev": 1000}),
        (glue.MNLI, "glue_10k/MNLI", {"train": 8999, "dev_matched": 1000}),
    ],
    ids=name_of,
)
def test_real_files(task, folder, rows):
    data_dir = real_data(folder)
    for split, count in rows.items():
        examples = task.load(data_dir, split)
        assert len(examples) == count
        assert all(examples.texts_a)
        assert examples.texts_b is None or all(examples.texts_b)
        if split.startswith("test"):
            assert examples.labels is None
        else:
            assert set(examples.labels) == set(range(task.num_classes))


@pytest.mark.real_data
def test_real_mnli_subset_has_one_dev_set():
    data_dir = real_data("glue_10k/MNLI")
    assert glue.MNLI.available_dev_splits(data_dir) == ("dev_matched",)


@pytest.mark.real_data
def test_real_mrpc_texts():
    dev = glue.MRPC.load(real_data("glue/MRPC"), "dev", max_examples=1)
    assert dev.texts_a[0].startswith(
        "He said the foodservice pie business doesn 't fit"
    )
    assert dev.texts_b[0].startswith('" The foodservice pie business does not fit')
    assert dev.labels[0] == 1
