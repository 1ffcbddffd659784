"""Files that say what a teacher said: formats, and what is wrong with them."""

import json
import zipfile

import numpy as np
import pytest
from tiny_runs import write_rows

from distill_tf.errors import DistillError
from distill_tf.tasks import Examples
from distill_tf.tasks import custom_task
from distill_tf.tasks import get_task
from distill_tf.teacher_logits.table import LogitsTable
from distill_tf.teacher_logits.values import PROBABILITY_FLOOR

SST2, RTE, STSB = (get_task(name) for name in ("sst-2", "rte", "sts-b"))
LOGITS = np.float32([[0.5, -1.25], [2, 3], [-4, 0.125]])
PROBABILITIES = np.float32([[0.25, 0.75], [1, 0], [0.5, 0.5]])
TEXTS = ["a b", "c", "d  e"]
TRAIN = Examples(TEXTS, None, np.int32([0, 1, 1]))
# Rows in another order than the examples, and one that nobody asks for.
ORDER = [2, 0, 1]


def write_tsv(path, columns):
    rows = zip(*columns.values(), strict=True)
    return write_rows(path, tuple(columns), *(tuple(map(str, row)) for row in rows))


def write_jsonl(path, columns):
    rows = zip(*columns.values(), strict=True)
    lines = (json.dumps(dict(zip(columns, row, strict=True))) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def numbered(kind, values):
    return {f"{kind}_{i}": values[:, i].tolist() for i in range(values.shape[1])}


def find(path, examples=TRAIN, task=SST2, num_labelled=None):
    table = LogitsTable.load(path, task)
    return table.find(examples, num_labelled or len(examples))


@pytest.mark.parametrize("write", [write_tsv, write_jsonl])
@pytest.mark.parametrize("key", ["sentence", "text", "row", "order"])
def test_numbered_columns_are_found_by_any_key(tmp_path, write, key):
    """With the task's own text column and `label`, these are Tang's files."""
    values = [TEXTS[i] for i in ORDER] if key in ("sentence", "text") else ORDER
    columns = {key: values, "label": [0, 0, 0], **numbered("logits", LOGITS[ORDER])}
    if key == "order":
        columns = numbered("logits", LOGITS)
    suffix = "tsv" if write is write_tsv else "jsonl"
    path = write(tmp_path / f"said.{suffix}", columns)
    np.testing.assert_array_equal(find(path), LOGITS)


@pytest.mark.parametrize("suffix", ["jsonl", "npz"])
@pytest.mark.parametrize("key", ["text", "row"])
def test_lists_of_probabilities(tmp_path, suffix, key):
    values = np.array(TEXTS if key == "text" else [0, 1, 2])[ORDER]
    columns = {key: values, "probabilities": PROBABILITIES[ORDER]}
    path = tmp_path / f"said.{suffix}"
    if suffix == "npz":
        np.savez(path, **columns)
    else:
        write_jsonl(path, {name: array.tolist() for name, array in columns.items()})
    expected = np.log(np.maximum(PROBABILITIES, PROBABILITY_FLOOR))
    np.testing.assert_allclose(find(path), expected, rtol=1e-6)


def test_csv_with_quotes(tmp_path):
    path = tmp_path / "said.csv"
    path.write_text('text,logits_0,logits_1\n"a, ""b""",1,2\n', "utf-8")
    np.testing.assert_array_equal(find(path, Examples(['a, "b"'])), [[1, 2]])


@pytest.mark.parametrize("suffix", ["tsv", "npz"])
def test_labels_become_certain_probabilities(tmp_path, suffix):
    path = tmp_path / f"said.{suffix}"
    labels = ["not_entailment", "entailment"]
    columns = {"text_a": ["a", "b"], "text_b": ["c", "d"], "label": labels}
    if suffix == "npz":
        np.savez(path, **columns)
    else:
        write_tsv(path, columns)
    found = find(path, Examples(["b", "a"], ["d", "c"]), RTE)
    low = np.log(PROBABILITY_FLOOR)
    np.testing.assert_allclose(found, [[0, low], [low, 0]], rtol=1e-6)


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (("0", "1"), [1, 0]),
        (("0", "1"), [1.0, 0.0]),
        (("false", "true"), [True, False]),
    ],
    ids=["integers", "floats", "truths"],
)
@pytest.mark.parametrize("suffix", ["jsonl", "npz"])
def test_labels_are_spelled_as_the_tasks(tmp_path, labels, values, suffix):
    task = custom_task("custom", ["t"], "y", labels=labels)
    path = tmp_path / f"said.{suffix}"
    columns = {"text": ["a", "b"], "label": values}
    if suffix == "npz":
        np.savez(path, **columns)
    else:
        write_jsonl(path, columns)
    found = find(path, Examples(["a", "b"]), task)
    assert found.argmax(axis=1).tolist() == [1, 0]


@pytest.mark.parametrize("column", ["logits", "label", "logits_0"])
def test_regression(tmp_path, column):
    path = write_jsonl(tmp_path / "said.jsonl", {"row": [1, 0], column: [2.5, 4]})
    np.testing.assert_array_equal(
        find(path, Examples(["a", "b"], ["c", "d"]), STSB), [[4], [2.5]]
    )


def test_the_markup_of_a_task_does_not_hide_its_texts(tmp_path):
    task = get_task("imdb")
    old, new = task.replacements[0]
    columns = {"text": [f"a{old}b"], "logits": [[1, 2]]}
    path = write_jsonl(tmp_path / "said.jsonl", columns)
    np.testing.assert_array_equal(find(path, Examples([f"a{new}b"]), task), [[1, 2]])


def test_columns_of_a_custom_task(tmp_path):
    task = custom_task("custom", ["title", "body"], "y", labels=["no", "yes"])
    columns = {"title": ["a"], "body": ["b"], "label": ["yes"]}
    path = write_jsonl(tmp_path / "said.jsonl", columns)
    assert find(path, Examples(["a"], ["b"]), task).argmax() == 1


def test_the_same_text_twice_with_one_value(tmp_path):
    columns = {"text": ["a", "a "], "logits": [[1, 2], [1.0001, 2]]}
    path = write_jsonl(tmp_path / "said.jsonl", columns)
    np.testing.assert_array_equal(find(path, Examples(["a", "a"])), [[1, 2], [1, 2]])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["text\tlogits_0", "a\t1"], "columns logits_0, but .* needs logits_0, log"),
        (
            ["text\tlogits_0\tlogits_1\tlogits_2", "a\t1\t2\t3"],
            "one column a class",
        ),
        (["text\tscore", "a\t1"], "logits, probabilities or label, .* has text, score"),
        (
            ["text\tlogits_0\tlogits_1", "a\t1\tnan"],
            r"said.tsv:2: expected finite numbers, got \[1.0, nan\]",
        ),
        (["text\tlogits_0\tlogits_1", "a\t1\tx"], "said.tsv:2: expected numbers under"),
        (["text\tlogits_0\tlogits_1", "a\t1"], "said.tsv:2: expected 3 columns, got 2"),
        (
            ["text\tprobabilities_0\tprobabilities_1", "a\t0.4\t0.4"],
            r"said.tsv:2: expected probabilities, .* got \[0.4, 0.4\]",
        ),
        (
            ["text\tprobabilities_0\tprobabilities_1", "a\t-1\t2"],
            "said.tsv:2: expected probabilities",
        ),
        (
            ["text\tlogits_0\tlogits_1", "a\t1\t2", "b\t0\t0", "a\t1\t3"],
            "said.tsv:4 contradicts .*said.tsv:2",
        ),
        (["text\tlabel", "a\tmaybe"], "said.tsv:2: unknown label 'maybe'"),
        (["row\tlabel", "-1\t0"], "said.tsv:2: expected under row a position"),
        (["row\tlabel", "one\t0"], "said.tsv:2: expected under row .* got 'one'"),
        (["text\ttext\tlabel", "a\ta\t0"], "said.tsv:1: two columns have one name"),
        (["text\tlabel"], "expected rows, found none"),
        ([], "expected rows, found none"),
    ],
)
def test_broken_tables(tmp_path, lines, message):
    path = tmp_path / "said.tsv"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    with pytest.raises(DistillError, match=message) as caught:
        LogitsTable.load(path, SST2)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"text": "a", "logits": [1, 2, 3]}'], "jsonl:1: expected 2 numbers .0, 1."),
        (['{"text": "a", "logits": "x"}'], "jsonl:1: expected numbers under logits"),
        (['{"text": "a", "logits": [[1, 2], [1]]}'], "jsonl:1: expected numbers"),
        (
            ['{"text": "a", "logits": [1, 2], "probabilities": [0, 1]}'],
            "both logits and probabilities; leave one",
        ),
        (
            ['{"text": "a", "logits": [1, 2]}', "", '{"text": "b"}'],
            "jsonl:3: expected logits, found text",
        ),
        (
            ['{"text": "a", "label": "0"}', '{"label": "0"}'],
            "jsonl:2: expected a text under text, got None",
        ),
        (['{"row": Infinity, "label": "0"}'], "jsonl:1: expected under row a position"),
        (['{"row": 2.7, "label": "0"}'], "jsonl:1: expected under row .* got 2.7"),
        (
            [f'{{"row": 0, "logits": [0, {10**400}]}}'],
            "jsonl:1: expected numbers under logits",
        ),
        (["[]"], "jsonl:1: expected a JSON object"),
        (['{"text": '], "jsonl:1: expected one JSON object"),
    ],
)
def test_broken_json_lines(tmp_path, lines, message):
    path = tmp_path / "said.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    with pytest.raises(DistillError, match=message):
        LogitsTable.load(path, SST2)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"text": np.array(["a"], object), "logits": [[1, 2]]},
            "cannot be read .*dtype=str",
        ),
        ({"row": [0, 1], "logits": [[1, 2]]}, "one row an example each.* row 2, logi"),
        ({"logits": 3}, "the array logits holds a single value"),
        ({"logits": [[1, 2], [np.inf, 0]]}, "said.npz, row 1: expected finite"),
    ],
)
def test_broken_arrays(tmp_path, arrays, message):
    np.savez(tmp_path / "said.npz", **arrays)
    with pytest.raises(DistillError, match=message):
        LogitsTable.load(tmp_path / "said.npz", SST2)


def test_a_single_array_is_no_archive(tmp_path):
    with open(tmp_path / "said.npz", "wb") as file:
        np.save(file, LOGITS)
    with pytest.raises(DistillError, match="said.npz should .* a single array without"):
        LogitsTable.load(tmp_path / "said.npz", SST2)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_damaged_archive_is_one_sentence(tmp_path, save):
    """Whichever byte is hit: names, sizes, checksums, compressed data, dtypes."""
    path = tmp_path / "said.npz"
    save(path, text=np.array(TEXTS), logits=LOGITS)
    whole, refused = path.read_bytes(), 0
    for position in range(len(whole)):
        path.write_bytes(
            whole[:position] + bytes([whole[position] ^ 0x15]) + whole[position + 1 :]
        )
        try:
            LogitsTable.load(path, SST2)
        except DistillError as error:
            refused += 1
            assert "said.npz" in str(error) and "\n" not in str(error)
    assert refused > len(whole) / 2


def test_an_archive_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "said.npz", "w") as archive:
        archive.writestr("read.me", "no array")
    with pytest.raises(DistillError, match=r"said.npz should .* \(read.me is no array"):
        LogitsTable.load(tmp_path / "said.npz", SST2)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("said.npz", b"no zip", "should hold arrays of numbers"),
        ("said.npz", b"", "should hold arrays of numbers"),
        ("said.npz", None, "should hold arrays of numbers"),
        ("said.tsv", None, "said.tsv: cannot read it"),
        ("said.tsv", b"text\tlabel\n\xff\t0\n", "said.tsv:2: not UTF-8"),
        ("said.xlsx", b"", "is read from .tsv, .csv, .jsonl, .npz; convert"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DistillError, match=message):
        LogitsTable.load(tmp_path / name, SST2)


def test_probabilities_of_a_regression(tmp_path):
    path = write_jsonl(tmp_path / "said.jsonl", {"row": [0], "probabilities": [1]})
    with pytest.raises(DistillError, match="sts-b is a regression; give the predict"):
        LogitsTable.load(path, STSB)


def test_missing_texts_are_counted_and_the_first_is_named(tmp_path):
    path = write_jsonl(tmp_path / "said.jsonl", {"text": ["c"], "label": [1]})
    with pytest.raises(DistillError, match="nothing of 2 of the 3 .*row 0, 'a b'; ask"):
        find(path)


def test_missing_rows_are_counted(tmp_path):
    path = write_jsonl(tmp_path / "said.jsonl", {"row": [0, 2], "label": [1, 1]})
    with pytest.raises(DistillError, match="nothing of 1 of the 3 .*row 1, 'c'; ask"):
        find(path)


def test_more_rows_than_examples_may_be_shifted(tmp_path):
    path = tmp_path / "more.npz"
    np.savez(path, logits=np.zeros((len(TRAIN) + 1, 2)))
    with pytest.raises(
        DistillError, match=f"speaks of row {len(TRAIN)}, but .* without blank lines"
    ):
        find(path)
    table = LogitsTable.load(path, SST2)
    few = TRAIN.select([0, 1])
    assert table.find(few, 2, is_whole=False).shape == (2, 2)


def test_rows_do_not_reach_texts_outside_of_the_train_file(tmp_path):
    path = write_jsonl(tmp_path / "said.jsonl", {"row": [0, 1], "label": [1, 1]})
    with pytest.raises(
        DistillError, match="1 unlabelled or augmented .*use_unlabelled"
    ):
        find(path, num_labelled=2)
