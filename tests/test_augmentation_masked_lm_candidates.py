"""What a masked language model is asked, and what becomes of its answers."""

import tracemalloc

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_masked_lm import write_google_masked_lm

from distill_tf.augmentation.candidates import Candidates
from distill_tf.augmentation.corpus import Corpus
from distill_tf.augmentation.english import EnglishAnalyzer
from distill_tf.augmentation.masked_lm import load_masked_lm
from distill_tf.augmentation.masked_lm_candidates import add_masked_lm_candidates
from distill_tf.text import Vocabulary
from distill_tf.text import WordPieceTokenizer

WORDS = ("funny", "film", "witty", "movie", "the", "reel", "##s", "!")
VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS))
ANSWER = ("film", "movie", "##s", "[UNK]", "!", "witty")


class Asked:
    """Answers every question alike, and remembers it in tokens."""

    def __init__(self, max_length=99):
        self.tokenizer = WordPieceTokenizer(VOCABULARY, do_lower_case=True)
        self.max_length = max_length
        self.questions = []
        self.inputs = []

    def best_tokens(self, inputs, positions, count):
        self.inputs.append(inputs)
        rows = zip(inputs["token_ids"], inputs["padding_mask"], strict=True)
        for (row, mask), position in zip(rows, positions, strict=True):
            assert VOCABULARY.tokens[row[position]] == "[MASK]"
            self.questions.append(" ".join(VOCABULARY.tokens[i] for i in row[mask]))
        answer = [VOCABULARY.id_of(token) for token in ANSWER[:count]]
        return np.tile(answer, (len(positions), 1))


def ask(model, *texts, count=6, batch_size=2):
    corpus = Corpus.analyse(texts, EnglishAnalyzer(tagged=False))
    candidates = Candidates(corpus)
    add_masked_lm_candidates(candidates, corpus, model, count, batch_size)
    generator = np.random.default_rng(0)
    every = slice(0, len(corpus.word_ids))
    drawn = candidates.draw(every, 200, generator)
    words = np.array(corpus.lexicon.words)
    return [
        {str(words[i]) for i in column} if count else set()
        for column, count in zip(drawn.T, candidates.counts(every), strict=True)
    ]


def test_questions_and_candidates():
    model = Asked()
    # "the" is a stop word, "reels" has two pieces, "zebra" is unknown.
    found = ask(model, "The Funny reels , zebra film")
    original = "the funny reel ##s [UNK] [UNK] film"
    assert sorted(model.questions) == sorted(
        f"[CLS] {masked} [SEP] {original} [SEP]"
        for masked in (
            original.replace("funny", "[MASK]"),
            original.replace("film", "[MASK]"),
        )
    )
    # Neither pieces, special tokens and punctuation nor the word itself.
    funny, film = {"Film", "Movie", "Witty"}, {"movie", "witty"}
    assert found == [set(), funny, set(), set(), set(), film]


def test_inputs_are_padded():
    model = Asked()
    ask(model, "funny film", "film")
    (inputs,) = [each for each in model.inputs if len(each["token_ids"]) == 2]
    lengths = inputs["padding_mask"].sum(axis=1)
    assert lengths.tolist() == [5, 7]
    assert inputs["token_ids"].shape == (2, 8)
    second = [[0, 0, 0, 1, 1, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 0]]
    assert inputs["segment_ids"].tolist() == second


def test_a_text_is_asked_about_once():
    model = Asked()
    found = ask(model, "funny film", "the", "funny  film", batch_size=5)
    assert len(model.questions) == 2
    assert found[:2] == found[3:] == [{"film", "movie", "witty"}, {"movie", "witty"}]


def test_only_the_best_count():
    assert ask(Asked(), "funny", count=2) == [{"film", "movie"}]


def test_a_mask_beyond_the_longest_sequence_is_not_asked():
    model = Asked(max_length=5)
    found = ask(model, "the film funny film witty")
    assert [bool(each) for each in found] == [False, True, True, True, False]
    assert all(len(question.split()) == 5 for question in model.questions)
    assert "[CLS] the film funny [MASK]" in model.questions


def test_questions_wait_in_little_memory():
    class Enough(Exception):
        pass

    class Measured(Asked):
        def best_tokens(self, inputs, positions, count):
            self.bytes = tracemalloc.get_traced_memory()[0]
            raise Enough

    words = ("funny", "film", "witty", "movie")
    texts = [" ".join([*words * 20, *["reel"] * number]) for number in range(100)]
    corpus = Corpus.analyse(texts, EnglishAnalyzer(tagged=False))
    candidates, model = Candidates(corpus), Measured()
    tracemalloc.start()
    try:
        with pytest.raises(Enough):
            add_masked_lm_candidates(candidates, corpus, model, 6, batch_size=64)
    finally:
        tracemalloc.stop()
    assert model.bytes < 80 * len(corpus.word_ids)


def test_nothing_to_ask():
    model = Asked()
    assert ask(model, "the , !", "") == [set()] * 3
    assert model.questions == []


def test_answers_of_a_real_model_do_not_depend_on_the_batch(tmp_path):
    path = str(write_google_masked_lm(tmp_path))
    texts = ("b c d", "e f", "g", "h k m n", "b c d")
    found = [
        ask(load_masked_lm(path, max_length=19), *texts, batch_size=size)
        for size in (1, 3, 50)
    ]
    assert found[0] == found[1] == found[2]
    assert all(each <= set(TOKENS) for each in found[0])
    assert sum(map(len, found[0])) > 10
    assert found[0][:3] == found[0][-3:]


@pytest.mark.parametrize("batch_size", [1, 4])
def test_order_of_questions_does_not_matter(batch_size):
    found = ask(Asked(), "film funny witty", "funny", batch_size=batch_size)
    assert found[1] == found[3] == {"film", "movie", "witty"}
