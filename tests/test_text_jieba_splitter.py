"""Tests of Chinese words."""

import os
import subprocess
import sys

import pytest
from real_data import real_data

from distill_tf.text.jieba_splitter import JiebaSplitter
from distill_tf.text.word_splitter import WordSplitter

TEXT = "酒店装修一般，但还算整洁。"
WORDS = ["酒店", "装修", "一般", "，", "但", "还", "算", "整洁", "。"]


@pytest.fixture(scope="module")
def splitter():
    return JiebaSplitter(do_lower_case=True)


def test_words(splitter):
    texts = [TEXT, "", " \u3000\n", "我 买T恤\u00a0很好"]
    assert splitter.split_words(texts) == [
        WORDS,
        [],
        [],
        ["我", "买", "t恤", "很", "好"],
    ]


def test_graph_splits_what_python_segmented(splitter):
    assert splitter.segments_in_python
    assert splitter.segment([TEXT, ""]) == [" ".join(WORDS), ""]
    in_graph_alone = WordSplitter(do_lower_case=True)
    assert in_graph_alone.split_words(splitter.segment([TEXT])) == [WORDS]


def test_invisible_characters_do_not_part_words(splitter):
    assert splitter.split_words(["酒\u200b店\ud800装\x00修"]) == [["酒店", "装修"]]


def test_lower_case_is_optional():
    assert JiebaSplitter(do_lower_case=False).split_words(["买T恤É"]) == [
        ["买", "T恤", "É"]
    ]


@pytest.mark.slow
def test_quiet_and_without_a_cache_file(tmp_path):
    code = (
        "from distill_tf.text.jieba_splitter import JiebaSplitter;"
        "print(JiebaSplitter(True).split_words(['酒店整洁'])[0])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "TMPDIR": str(tmp_path),
            "PYTHONIOENCODING": "utf-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert result.stdout == "['酒店', '整洁']\n"
    assert "dict" not in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.real_data
def test_words_of_real_reviews_make_up_their_texts(splitter):
    lines = real_data("chnsenticorp", "dev.tsv").read_text(encoding="utf-8")
    texts = [line.split("\t")[1] for line in lines.split("\n")[1:301]]
    for text, segmented in zip(texts, splitter.segment(texts), strict=True):
        assert segmented.replace(" ", "") == "".join(text.split())
    words = [word for words in splitter.split_words(texts) for word in words]
    characters = sum(map(len, words))
    assert 1.3 < characters / len(words) < 2.0
