"""Texts as words, and which language they are in."""

import builtins

import pytest
from real_data import real_data

from distill_tf.augmentation.chinese import ChineseAnalyzer
from distill_tf.augmentation.english import EnglishAnalyzer
from distill_tf.augmentation.language import build_analyzer
from distill_tf.augmentation.language import detect_language
from distill_tf.errors import DistillError
from distill_tf.tasks import get_task

ENGLISH = [
    ("a funny film", ["a", "funny", "film"]),
    (" it 's  n't, well-made...", ["it", "'s", "n't", ",", "well-made", "..."]),
    ("Don't! ( $5 )", ["Don't", "!", "(", "$", "5", ")"]),
    ("'quoted' naïve\tcafé\n", ["'", "quoted", "'", "naïve", "café"]),
    ("", []),
    ("  ", []),
]
CHINESE = [
    ("酒店的房间很好", ["酒店", "的", "房间", "很", "好"]),
    ("房间 ok，\n好！", ["房间", "ok", "，", "好", "！"]),
    (" ", []),
]


def written_again(analysis):
    words = zip(analysis.words, analysis.spaced, strict=True)
    return "".join(" " * spaced + word for word, spaced in words).strip()


@pytest.mark.parametrize(("text", "words"), ENGLISH)
def test_english_words(text, words):
    analysis = EnglishAnalyzer(tagged=False)(text)
    assert analysis.words == words
    assert analysis.tags == [""] * len(words)
    assert written_again(analysis) == " ".join(text.split())


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize(("text", "words"), CHINESE)
def test_chinese_words(text, words, tagged):
    analysis = build_analyzer("chinese", tagged)(text)
    # The tagger keeps an adverb and its adjective together, which the tokenizer cuts.
    assert "".join(analysis.words) == "".join(words)
    if not tagged:
        assert analysis.words == words
    assert written_again(analysis) == " ".join(text.split())


def test_chinese_tags():
    words, _, tags = ChineseAnalyzer()("酒店在海边")
    assert dict(zip(words, tags, strict=True)) == {"酒店": "n", "在": "p", "海边": "s"}


def test_english_tags():
    pytest.importorskip("textblob")
    words, _, tags = build_analyzer("english", tagged=True)("the films were funny .")
    assert words == ["the", "films", "were", "funny", "."]
    assert tags == ["DT", "NNS", "VBD", "JJ", "."]


def test_no_words_have_no_tags():
    pytest.importorskip("textblob")
    assert EnglishAnalyzer()(" ") == ([], [], [])


def test_a_missing_tagger_is_named(monkeypatch):
    real_import = builtins.__import__

    def without_textblob(name, *arguments, **options):
        if name.startswith("textblob"):
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_textblob)
    with pytest.raises(DistillError, match=r'pip install -e "\.\[augment\]".*p_pos=0'):
        EnglishAnalyzer(tagged=True)


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["a film", "12 %"], "english"),
        (["酒店很好", "ok"], "chinese"),
        (["the 酒店 is good"], "english"),
        ([], "english"),
        (["123", "!?"], "english"),
    ],
)
def test_language(texts, language):
    assert detect_language(texts) == language


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("task", "folder", "language"),
    [("sst-2", "glue/SST-2", "english"), ("chnsenticorp", "chnsenticorp", "chinese")],
)
def test_language_and_words_of_real_texts(task, folder, language):
    texts = get_task(task).load(real_data(folder), "train", 50).texts_a
    assert detect_language(texts) == language
    analyzer = build_analyzer(language, tagged=False)
    for text in texts:
        assert written_again(analyzer(text)) == " ".join(text.split())
