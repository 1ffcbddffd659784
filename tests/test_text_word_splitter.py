"""Tests of splitting at white space."""

import sys
import unicodedata

import pytest
import tensorflow as tf

from distill_tf.text.word_splitter import WordSplitter


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "The movie's  great,\treally .\n",
            ["The", "movie's", "great,", "really", "."],
        ),
        ("a\u3000b\u00a0c\u2028d\u2009e", ["a", "b", "c", "d", "e"]),
        ("so\u00adft \u200b \ufeffx\x00y", ["soft", "xy"]),
        ("\ud800a b\udfff", ["a", "b"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words(text, words):
    assert WordSplitter(do_lower_case=False).split_words([text]) == [words]


def test_every_white_space_of_python_separates():
    spaces = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()]
    assert len(spaces) > 20
    split = WordSplitter(do_lower_case=False).split_words([f"a{c}b" for c in spaces])
    invisible = {c for c in spaces if unicodedata.category(c) == "Cc"}
    for space, words in zip(spaces, split, strict=True):
        # Control characters other than tab and line ends are dropped, as BERT does.
        expected = ["ab"] if space in invisible - {*"\t\n\r"} else ["a", "b"]
        assert words == expected, repr(space)


def test_lower_case_is_berts():
    splitter = WordSplitter(do_lower_case=True)
    assert splitter.split_words(["ÉCLAIR ΣΑΣ ，", "\u0301 x"]) == [
        ["eclair", "σασ", "，"],
        ["x"],
    ]


def test_invalid_bytes_are_dropped():
    words = WordSplitter(do_lower_case=True)(tf.constant([b"a\xff b\xc3", b"\xfe"]))
    assert words.to_list() == [[b"a", b"b"], []]


def test_python_has_nothing_to_do():
    texts = ["a b", "c"]
    splitter = WordSplitter(do_lower_case=False)
    assert splitter.segment(texts) is texts
    assert not splitter.segments_in_python
