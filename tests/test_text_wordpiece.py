"""Tests of WordPiece tokenization against Hugging Face's tokenizers."""

import itertools
import json
import random
import tarfile
import unicodedata

import numpy as np
import pytest
import tensorflow as tf
from real_data import real_data
from tokenizers import BertWordPieceTokenizer
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from distill_tf.errors import DistillError
from distill_tf.text.vocabulary import Vocabulary
from distill_tf.text.wordpiece import WordPieceTokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ENGLISH = "uncased_L-4_H-256_A-4"
CHINESE = "chinese_wwm_L-12_H-768_A-12"


def differing(vocabulary, texts, do_lower_case):
    """The texts that the two tokenizers turn into different ids."""
    ours = WordPieceTokenizer(vocabulary, do_lower_case)(tf.constant(texts))
    theirs = BertWordPieceTokenizer(
        {token: token_id for token_id, token in enumerate(vocabulary.tokens)},
        lowercase=do_lower_case,
    ).encode_batch(texts, add_special_tokens=False)
    values, splits = ours.values.numpy(), ours.row_splits.numpy()
    return [
        text
        for text, start, end, encoding in zip(
            texts, splits, splits[1:], theirs, strict=False
        )
        if not np.array_equal(values[start:end], encoding.ids)
    ]


def tokenize(vocabulary, text, do_lower_case=True):
    ids = WordPieceTokenizer(vocabulary, do_lower_case)(tf.constant([text]))
    return [vocabulary.tokens[token_id] for token_id in ids.values.numpy()]


# Characters with a trap in them, and ranges of the scripts and symbols around them.
RANGES = {
    "ASCII": (0x00, 0x7F),
    "Latin": (0x80, 0x24F),
    "combining": (0x300, 0x36F),
    "Greek and Cyrillic": (0x391, 0x45F),
    "Arabic": (0x620, 0x669),
    "Devanagari": (0x901, 0x96F),
    "Thai": (0xE01, 0xE5B),
    "spaces and punctuation": (0x2000, 0x206F),
    "symbols": (0x20A0, 0x27BF),
    "CJK punctuation and kana": (0x3000, 0x30FF),
    "CJK": (0x4E00, 0x4EFF),
    "Hangul": (0xAC00, 0xACFF),
    "private": (0xE000, 0xE00F),
    "compatibility CJK": (0xF900, 0xFA2D),
    "full width": (0xFF00, 0xFFFD),
    "mathematical": (0x1D400, 0x1D4FF),
    "emoji": (0x1F300, 0x1F64F),
    "CJK extension B": (0x20000, 0x200FF),
    "compatibility CJK supplement": (0x2F800, 0x2F8FF),
    "tags": (0xE0020, 0xE007F),
}


def random_texts(count, seed=0):
    generator = random.Random(seed)
    pools = [
        [chr(code) for code in range(low, high + 1) if assigned(code)]
        for low, high in RANGES.values()
    ]
    for _ in range(count):
        chosen = generator.choices(pools, k=3)
        length = generator.choice([0, 1, 5, 12, 40, 130])
        yield "".join(generator.choice(generator.choice(chosen)) for _ in range(length))


def assigned(code):
    return unicodedata.category(chr(code)) != "Cn"


def vocabulary_of(texts, do_lower_case):
    """Two thirds of the characters and some pairs, so words match, split and fail."""
    normalizer = BertNormalizer(lowercase=do_lower_case)
    normalized = [normalizer.normalize_str(text) for text in texts]
    characters = sorted(set("".join(normalized)) - set("\n"))[::3]
    others = sorted(set("".join(normalized)) - set("\n"))[1::3]
    pairs = {a + b for text in normalized for a, b in itertools.pairwise(text[:9])}
    pieces = [*characters, *others, *(p for p in sorted(pairs) if "\n" not in p)]
    return Vocabulary([*SPECIAL, *pieces, *(f"##{piece}" for piece in pieces)])


@pytest.mark.parametrize("do_lower_case", [True, False])
def test_random_unicode_equals_hugging_face(do_lower_case):
    texts = list(random_texts(4000))
    vocabulary = vocabulary_of(texts, do_lower_case)
    assert differing(vocabulary, texts, do_lower_case) == []


def standard_words(character, do_lower_case):
    """The words of "a" + character + "b" by google-research/bert's rules."""
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Co") and character not in "\t\n\r":
        return ["ab"]
    if character.isspace():
        return ["a", "b"]
    text = f"a{character}b"
    if do_lower_case:
        text = "".join(
            mark.lower()
            for mark in unicodedata.normalize("NFD", text)
            if unicodedata.category(mark) != "Mn"
        )
    if category.startswith("P") or 0x2B820 <= ord(character) <= 0x2CEAF:
        return ["a", text[1:-1], "b"]
    return [text]


@pytest.mark.slow
@pytest.mark.parametrize("do_lower_case", [True, False])
def test_every_character_equals_hugging_face_or_newer_unicode(do_lower_case):
    """The classes that may differ: see the docstring of WordPieceTokenizer."""
    normalizer = BertNormalizer(lowercase=do_lower_case)
    splitter = BertPreTokenizer()
    ranges = [(0, 0xD800), (0xE000, 0xE010), (0xF900, 0x323B0), (0xE0000, 0xE0200)]
    codes = itertools.chain.from_iterable(itertools.starmap(range, ranges))
    characters = [chr(code) for code in codes if assigned(code)]
    texts = [f"a{character}b" for character in characters]
    theirs = [
        [word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
        for text in texts
    ]
    standard = [standard_words(character, do_lower_case) for character in characters]
    words = dict.fromkeys(itertools.chain.from_iterable([*theirs, *standard]))
    vocabulary = Vocabulary([*SPECIAL, *words])
    ids = WordPieceTokenizer(vocabulary, do_lower_case)(tf.constant(texts)).to_list()
    ours = [[vocabulary.tokens[token_id] for token_id in row] for row in ids]

    unexplained = []
    young_letters = 0
    for row in zip(characters, ours, theirs, standard, strict=True):
        character, our_words, their_words, standard_of_character = row
        if our_words in (their_words, standard_of_character):
            continue
        if unicodedata.category(character) == "Lu":
            young_letters += 1
        else:
            unexplained.append((hex(ord(character)), our_words, their_words))
    assert unexplained == []
    assert young_letters <= 40
    assert np.mean([a == b for a, b in zip(ours, theirs, strict=True)]) > 0.99


TRAPS = [
    "，…。！～ ½ ﬁ Ⅷ ㎏ ＡＢＣ",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ σς",
    "e\u0301É İstanbul ẞ",
    "so\u00adft zero\u200bwidth \ufeffmark",
    "tab\tline\nreturn\rfeed\x0cvertical\x0bnext\x85",
    "\u00a0no\u2003break\u3000spaces\u2028and\u2029lines\u1680",
    "nul\x00and\ufffdreplaced",
    "👍🏽 👩\u200d💻 ❤\ufe0f 🇫🇷",
    "漢字カナ混じりㄅ㐀𠀀豈",
    "don't $5+3<9^2`|~ §°©",
    "",
    " \n\t",
    "x" * 10_000,
    "ab " * 3_333,
]


@pytest.mark.parametrize("do_lower_case", [True, False])
@pytest.mark.parametrize("text", TRAPS)
def test_traps_equal_hugging_face(text, do_lower_case):
    vocabulary = vocabulary_of(TRAPS, do_lower_case)
    assert differing(vocabulary, [text], do_lower_case) == []


@pytest.mark.parametrize("letter", ["x", "é", "λ", "न", "か", "한", "🙂", "𐐨"])
@pytest.mark.parametrize("do_lower_case", [True, False])
def test_words_are_limited_by_characters(letter, do_lower_case):
    texts = [
        f"{before}{letter * count}{after}"
        for count in (24, 25, 33, 34, 50, 51, 99, 100, 101, 300)
        for before, after in [("", ""), ("a ", " b"), ("。", "!"), ("漢", "𠀀")]
    ]
    vocabulary = vocabulary_of([*texts, "ab。!漢𠀀" + letter], do_lower_case)
    pieces = BertNormalizer(lowercase=do_lower_case).normalize_str(letter)
    words = [*pieces, *(f"##{piece}" for piece in pieces)]
    vocabulary = Vocabulary(dict.fromkeys([*vocabulary.tokens, *words]))
    assert differing(vocabulary, texts, do_lower_case) == []


@pytest.mark.parametrize("word", ["x", "ก", "か"])
def test_long_words_are_no_matter_of_complaint(word, capfd):
    """RE2 complains past all loggers when an expression outgrows its memory."""
    vocabulary = Vocabulary([*SPECIAL, word, f"##{word}"])
    assert tokenize(vocabulary, f"{word} " + word * 300) == [word, "[UNK]"]
    assert "DFA" not in capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("do_lower_case", [True, False])
def test_words_of_any_character_are_limited(do_lower_case):
    ranges = [*RANGES.values(), (0x4DB0, 0x4E0F)]
    codes = (code for low, high in ranges for code in range(low, high + 1))
    texts = [chr(code) * 101 for code in codes if assigned(code)]
    vocabulary = vocabulary_of(texts, do_lower_case)
    assert differing(vocabulary, texts, do_lower_case) == []


@pytest.mark.parametrize("do_lower_case", [True, False])
def test_special_tokens_cannot_be_injected(do_lower_case):
    sep = "sep" if do_lower_case else "SEP"
    vocabulary = Vocabulary([*SPECIAL, "a", "[", "]", sep])
    assert tokenize(vocabulary, "a[SEP]", do_lower_case) == [
        "a",
        "[",
        sep,
        "]",
    ]
    every = "".join(SPECIAL)
    assert set(tokenize(vocabulary, every, do_lower_case)) == {"[", "]", sep, "[UNK]"}


def test_vocabulary_without_words_is_refused():
    with pytest.raises(DistillError, match="5 tokens could not be compiled"):
        WordPieceTokenizer(Vocabulary(SPECIAL), do_lower_case=True)


def test_white_space_in_the_vocabulary_matches_nothing():
    spaces = [" ", "##\u2028", "\u2028", "a b", "\u3000", "\x85"]
    vocabulary = Vocabulary([*SPECIAL, *spaces, "a", "b", "##b"])
    assert tokenize(vocabulary, "a\u2028b \u2028 a b\u3000ab") == [*"ababa", "##b"]


def test_bytes_that_are_not_utf8_are_dropped():
    vocabulary = Vocabulary([*SPECIAL, "ab", "c"])
    assert tokenize(vocabulary, b"a\xffb\xc3 c\xed\xa0\x80") == ["ab", "c"]


def test_no_text_is_no_token():
    tokenizer = WordPieceTokenizer(Vocabulary([*SPECIAL, "a"]), do_lower_case=True)
    assert tokenizer(tf.constant(["", "\u200b", " "])).to_list() == [[], [], []]
    assert tokenizer(tf.constant([], tf.string)).to_list() == []


def test_runs_in_functions_and_datasets():
    vocabulary = Vocabulary([*SPECIAL, "a", "b", "##b"])
    tokenizer = WordPieceTokenizer(vocabulary, do_lower_case=True)
    texts = tf.constant(["A ab", "", "b " + "x" * 101])
    expected = [[5, 5, 7], [], [6, 1]]
    signature = [tf.TensorSpec([None], tf.string)]
    assert tf.function(tokenizer, signature)(texts).to_list() == expected
    dataset = tf.data.Dataset.from_tensor_slices(texts).batch(2).map(tokenizer)
    assert [row for batch in dataset for row in batch.to_list()] == expected
    assert tokenizer(texts).dtype == tf.int32


FILES = {
    "SST-2": "glue/SST-2/*.tsv",
    "CoLA": "glue/CoLA/*.tsv",
    "MRPC": "glue/MRPC/*.t*",
    "RTE": "glue/RTE/*.tsv",
    "QQP": "glue_10k/QQP/*.tsv",
    "MNLI": "glue_10k/MNLI/*.tsv",
    "BoolQ": "boolq/*.jsonl",
    "ChnSentiCorp": "chnsenticorp/*.tsv",
}


def lines_of(name):
    """Every line of a data set's files; a tab is white space to the tokenizers."""
    for path in sorted(real_data().glob(FILES[name])):
        for line in path.read_bytes().decode("utf-8").split("\n"):
            if path.suffix == ".jsonl" and line:
                yield from (v for v in json.loads(line).values() if type(v) is str)
            else:
                yield line


def imdb_texts(count):
    with tarfile.open(real_data("aclImdb.tar.xz"), "r|xz") as archive:
        reviews = (m for m in archive if m.isfile() and "_" in m.name.split("/")[-1])
        for member in itertools.islice(reviews, count):
            yield archive.extractfile(member).read().decode("utf-8")


def real_vocabulary(model, do_lower_case):
    """The model's vocabulary; for cased text also with its tokens capitalised."""
    vocabulary = Vocabulary.load(real_data("bert_meta", model, "vocab.txt"))
    if do_lower_case:
        return vocabulary
    tokens = vocabulary.tokens
    variants = (variant for t in tokens for variant in (t, t.upper(), t.title()))
    return Vocabulary(dict.fromkeys(variants))


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("do_lower_case", [True, False])
@pytest.mark.parametrize("name", [*FILES, "IMDB"])
def test_real_lines_equal_hugging_face(name, do_lower_case):
    model = CHINESE if name == "ChnSentiCorp" else ENGLISH
    texts = list(imdb_texts(500) if name == "IMDB" else lines_of(name))
    vocabulary = real_vocabulary(model, do_lower_case)
    assert len(texts) >= 500
    assert differing(vocabulary, texts, do_lower_case) == []
