"""Tests of BERT's basic tokenization."""

import random

import pytest
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from distill_tf.text.basic_splitter import BasicSplitter


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's $5, a 'SOFT-boiled' egg…", "It ' s $ 5 , a ' SOFT - boiled ' egg …"),
        ("酒店very好。", "酒 店 very 好 。"),
        ("豈\U00020000ab\U0002f800", "豈 \U00020000 ab \U0002f800"),
        ("カタカナ 한국", "カタカナ 한국"),
        ("[PAD]", "[ PAD ]"),
        ("", ""),
    ],
)
def test_words(text, words):
    assert BasicSplitter(do_lower_case=False).split_words([text]) == [words.split()]


@pytest.mark.parametrize("do_lower_case", [True, False])
def test_words_are_those_of_hugging_face(do_lower_case):
    choice = random.Random(7).choice
    alphabet = "aB1 .,!$^`~|¿«—…\u3000\t\nÉßΣ酒店一豈、。？！あア한पि👍🏽\u200d\u0301"
    texts = ["".join(choice(alphabet) for _ in range(17)) for _ in range(200)]
    normalizer = BertNormalizer(lowercase=do_lower_case)
    expected = [
        [
            word
            for word, _ in BertPreTokenizer().pre_tokenize_str(
                normalizer.normalize_str(text)
            )
        ]
        for text in texts
    ]
    assert BasicSplitter(do_lower_case).split_words(texts) == expected
