"""The file of new examples, as the task reads it again."""

import numpy as np
import pytest
from augmented_labels import labels_in_file

from distill_tf.augmentation.new_examples import NewExample
from distill_tf.augmentation.split_file import AugmentedSplit
from distill_tf.errors import DistillError
from distill_tf.tasks import AUGMENTED
from distill_tf.tasks import Examples
from distill_tf.tasks import get_task

SINGLE = Examples(['a "quoted" one', "b  ", "ç , 好"], labels=np.int32([1, 0, 1]))
PAIRS = Examples(["a", 'b "', "c"], ["x", "y", "z , z"], np.int32([1, 0, 1]))
NEW_SINGLE = [NewExample(("[MASK] one",), 0), NewExample(("d",), 1)]
NEW_PAIRS = [NewExample(("a", "n"), 0), NewExample(("b", "m"), 1)]


def custom(ending, folder):
    lines = {
        "csv": "text,y\nq,0\nr,1\n",
        "tsv": "text\ty\nq\t0\nr\t1\n",
        "jsonl": '{"text": "q", "y": 0}\n{"text": "r", "y": 1}\n',
    }
    (folder / f"train.{ending}").write_text(lines[ending], "utf-8")
    return get_task(
        "custom", text_columns=["text"], label_column="y", data_dir=str(folder)
    )


def assert_reads_back(task, folder, examples, new):
    found = task.load(folder, AUGMENTED)
    sides = list(zip(*(each.texts for each in new), strict=True))
    assert list(found.texts_a) == [*examples.texts_a, *sides[0]]
    if task.is_pair:
        assert list(found.texts_b) == [*examples.texts_b, *sides[1]]
    labels = [task.labels[index] for index in examples.labels]
    assert labels_in_file(task, folder) == [*labels, *[""] * len(new)]


@pytest.mark.parametrize("name", ["sst-2", "cola", "imdb", "chnsenticorp"])
def test_single_texts_read_back(tmp_path, name):
    task = get_task(name)
    split = AugmentedSplit.locate(task, "", str(tmp_path / "new"))
    assert split.write(SINGLE, NEW_SINGLE) == len(NEW_SINGLE)
    assert split.path == tmp_path / "new" / "train_aug.tsv"
    assert_reads_back(task, tmp_path / "new", SINGLE, NEW_SINGLE)


@pytest.mark.parametrize("name", ["mrpc", "qqp", "qnli", "rte", "boolq"])
def test_pairs_read_back(tmp_path, name):
    task = get_task(name)
    split = AugmentedSplit.locate(task, str(tmp_path), "")
    split.write(PAIRS, NEW_PAIRS)
    assert_reads_back(task, tmp_path, PAIRS, NEW_PAIRS)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_a_custom_task_keeps_the_format_of_its_training_file(tmp_path, ending):
    task = custom(ending, tmp_path)
    split = AugmentedSplit.locate(task, str(tmp_path), "")
    assert split.path == tmp_path / f"train_aug.{ending}"
    split.write(SINGLE, NEW_SINGLE)
    assert_reads_back(task, tmp_path, SINGLE, NEW_SINGLE)


def test_scores_keep_their_digits(tmp_path):
    task = get_task("sts-b")
    examples = Examples(["a", "b"], ["c", "d"], np.float32([2.4, 3.333]))
    split = AugmentedSplit.locate(task, str(tmp_path), "")
    split.write(examples, [NewExample(("e", "f"), 1)])
    assert labels_in_file(task, tmp_path) == ["2.4", "3.333", ""]


def test_the_inherited_label_is_a_note(tmp_path):
    split = AugmentedSplit.locate(get_task("sst-2"), str(tmp_path), "")
    split.write(SINGLE.select([0]), [NewExample(("[MASK] one",), 0)])
    assert split.path.read_text("utf-8").splitlines() == [
        "sentence\tlabel\tinherited_label",
        'a "quoted" one\t1\t',
        "[MASK] one\t\t1",
    ]


def test_white_space_does_not_break_a_table(tmp_path):
    examples = Examples(["a\tb\r\nc\nd"], labels=np.int32([1]))
    split = AugmentedSplit.locate(get_task("imdb"), str(tmp_path), "")
    split.write(examples, [])
    assert split.path.read_text("utf-8") == "pos\ta b c d\n"


@pytest.mark.parametrize("line_break", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_line_breaks_stay_where_the_format_holds_them(tmp_path, ending, line_break):
    task = custom(ending, tmp_path)
    split = AugmentedSplit.locate(task, str(tmp_path), "")
    examples = Examples([f"a{line_break}b", line_break], labels=np.int32([1, 0]))
    new = [NewExample((f"{line_break}c",), 0)]
    split.write(examples, new)
    assert_reads_back(task, tmp_path, examples, new)


def test_a_lone_surrogate_is_written_as_json_has_it(tmp_path):
    task = custom("jsonl", tmp_path)
    split = AugmentedSplit.locate(task, str(tmp_path), "")
    examples = Examples(["好 \ud800"], labels=np.int32([1]))
    split.write(examples, [])
    assert "好" in split.path.read_text("utf-8")
    assert task.load(tmp_path, AUGMENTED).texts_a == ["好 \ud800"]


def test_a_failure_leaves_the_earlier_file(tmp_path):
    split = AugmentedSplit.locate(get_task("sst-2"), str(tmp_path), "")
    split.path.write_text("earlier", "utf-8")

    def broken():
        yield NEW_SINGLE[0]
        raise RuntimeError("out of ideas")

    with pytest.raises(RuntimeError, match="out of ideas"):
        split.write(SINGLE, broken())
    assert [path.name for path in tmp_path.iterdir()] == ["train_aug.tsv"]
    assert split.path.read_text("utf-8") == "earlier"


def test_a_generated_task_has_no_file():
    with pytest.raises(DistillError, match="task sample is generated"):
        AugmentedSplit.locate(get_task("sample"), "", "out")


def test_a_folder_is_needed():
    with pytest.raises(DistillError, match="give --output or --data_dir"):
        AugmentedSplit.locate(get_task("sst-2"), "", "")


def test_a_file_that_would_be_read_instead_is_named(tmp_path):
    task = custom("csv", tmp_path)
    (tmp_path / "train_aug.tsv").write_text("text\ty\n", "utf-8")
    with pytest.raises(DistillError, match=r"train_aug.tsv is in the way of the new"):
        AugmentedSplit.locate(task, str(tmp_path), "")
