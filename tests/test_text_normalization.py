"""Tests of cleaning and lower-casing."""

import os
import subprocess
import sys

import pytest
import tensorflow as tf

from distill_tf.text.normalization import clean
from distill_tf.text.normalization import lower_and_strip_accents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a\x00b\x1f\x7f\xc2\x85c", "abc"),
        (b"\t\n\r \xe2\x80\xa8\xc2\xa0", "\t\n\r \u2028\u00a0"),
        ("so\u00adft\u200b\ufeff\ufffd\ue000", "soft"),
        (b"ab\xff\xfec\xed\xa0\x80\xc3", "abc"),
        ("e\u0301，…👍🏽", "e\u0301，…👍🏽"),
        ("", ""),
    ],
)
def test_clean(text, expected):
    assert clean(tf.constant([text])).numpy()[0].decode() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉCLAIR e\u0301", "eclair e"),
        ("İI ĄÅ", "ii aa"),
        ("ΟΔΟΣ ΣΑΣ", "οδοσ σασ"),
        ("Straße ẞ", "straße ß"),
        ("ＡＢ，…½ﬁ", "ａｂ，…½ﬁ"),
        ("한", "\u1112\u1161\u11ab"),
    ],
)
def test_lower_and_strip_accents(text, expected):
    lowered = lower_and_strip_accents(tf.constant([text]))
    assert lowered.numpy()[0].decode() == expected


@pytest.mark.slow
def test_lower_case_is_the_same_in_turkish():
    code = (
        "import tensorflow as tf;"
        "from distill_tf.text.normalization import lower_and_strip_accents as lower;"
        "print(lower(tf.constant(['TITLE İI'])).numpy()[0].decode())"
    )
    output = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LC_ALL": "tr_TR.UTF-8", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert output == "title ii\n"
