"""Where the texts of a comparison come from."""

import json

import pytest
from tiny_runs import DEV_ROWS
from tiny_runs import text
from tiny_runs import write_sst2

from distill_tf.errors import DistillError
from distill_tf.export.comparison_texts import given_texts
from distill_tf.export.comparison_texts import load_texts
from distill_tf.export.comparison_texts import sample_texts
from distill_tf.export.comparison_texts import texts_of_run
from distill_tf.labels import LabelSet

SST2 = LabelSet(("0", "1"), False)


@pytest.fixture
def run_folder(tmp_path):
    """The configuration of a run on SST-2, with settings that other runs lack."""
    data_dir = write_sst2(tmp_path / "data")
    values = {"task_name": "sst-2", "data_dir": data_dir, "method": "kd"}
    (tmp_path / "run_config.json").write_text(json.dumps(values), "utf-8")
    return tmp_path


def test_a_run_is_compared_on_its_dev_set(run_folder):
    texts = texts_of_run(run_folder, SST2, 3)
    assert texts.columns == ([text(row) for row in range(3)], None)
    assert texts.examples.labels.tolist() == [0, 1, 0]
    assert texts.metrics == ("accuracy",)
    assert texts.source == "the dev set of sst-2"
    assert len(texts_of_run(run_folder, SST2, None).examples) == DEV_ROWS


def test_data_that_has_moved_can_be_named(run_folder):
    (run_folder / "data").rename(run_folder / "moved")
    with_data = texts_of_run(run_folder, SST2, None, str(run_folder / "moved"))
    assert with_data.source == "the dev set of sst-2"
    assert texts_of_run(run_folder, SST2, 3).source == "generated sample texts"
    with pytest.raises(DistillError, match="elsewhere"):
        texts_of_run(run_folder, SST2, 3, str(run_folder / "elsewhere"))


@pytest.mark.parametrize("spoil", ["[1]", "{", None])
def test_a_run_without_its_configuration_is_compared_on_samples(run_folder, spoil):
    path = run_folder / "run_config.json"
    path.unlink() if spoil is None else path.write_text(spoil, "utf-8")
    assert texts_of_run(run_folder, SST2, 3).source == "generated sample texts"


def test_a_task_that_is_not_the_models_is_left_alone(run_folder):
    others = LabelSet(("0", "1", "2"), False)
    assert texts_of_run(run_folder, others, 3).source == "generated sample texts"


@pytest.mark.parametrize("is_pair", [False, True])
def test_sample_texts_need_nothing(is_pair):
    texts = sample_texts(is_pair, 5)
    assert texts.examples.is_pair == is_pair
    assert len(set(texts.examples.texts_a)) == 5
    assert texts.metrics == ()


def test_a_file_has_a_text_a_line(tmp_path):
    (tmp_path / "texts").write_text("a\tb\nc\td\ne\tf\n", "utf-8")
    read = [load_texts(tmp_path / "texts", pair, 2).columns for pair in (False, True)]
    assert read == [(["a\tb", "c\td"], None), (["a", "c"], ["b", "d"])]
    assert load_texts(tmp_path / "texts", True, None).columns[1] == ["b", "d", "f"]
    assert given_texts(["a"], ["b"]).source == "the texts given"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_only_line_ends_end_a_text(tmp_path, line_end):
    texts = ["one\u2028still one", "two\x85\x0c", "", "\x1cfour"]
    content = "\ufeff" + "".join(text + line_end for text in texts)
    (tmp_path / "texts").write_bytes(content.encode("utf-8"))
    assert load_texts(tmp_path / "texts", False, None).columns == (texts, None)


def test_no_more_is_read_than_is_wanted(tmp_path):
    """What comes later may be anything, say not text, in a file of any size."""
    content = b"a\n" * 50_000 + b"\xff\n"
    (tmp_path / "texts").write_bytes(content)
    assert load_texts(tmp_path / "texts", False, 2).columns == (["a", "a"], None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tb\nc\n", "texts:2: expected two texts with a tab between them"),
        (b"a\tb\tc\n", "texts:1: expected two texts"),
        (b"", "is empty"),
        (b"a\tb\n\xff\tb\n", "texts:2: not UTF-8"),
        (None, "texts: cannot read it"),
    ],
)
def test_a_file_that_holds_no_pairs_is_one_sentence(tmp_path, content, message):
    if content is not None:
        (tmp_path / "texts").write_bytes(content)
    with pytest.raises(DistillError, match=message):
        load_texts(tmp_path / "texts", True, None)
