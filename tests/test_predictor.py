"""A finished classifier: texts in, labels out, files and back."""

import numpy as np
import pytest
from scipy.special import softmax
from tiny_bert import TOKENS
from tiny_training import STUDENT
from tiny_training import make_classifier

from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

NAMES = ("no", "maybe", "yes")
TEXTS = ["a b", "c a b d e f", "", "g"]


def make_predictor(names=NAMES, is_pair=False):
    encoder = TextEncoder.from_settings(Vocabulary(TOKENS), TextSettings(True, 9))
    labels = LabelSet(names, is_pair)
    return Predictor(make_classifier(STUDENT, labels.num_outputs), encoder, labels)


def test_one_prediction_a_text():
    predictor = make_predictor()
    predictions = predictor.predict(TEXTS, batch_size=3)
    logits = predictor.logits(TEXTS)
    for prediction, row in zip(predictions, softmax(logits, axis=1), strict=True):
        assert list(prediction.probabilities) == list(NAMES)
        assert list(prediction.probabilities.values()) == pytest.approx(row, rel=1e-5)
        assert prediction.label == NAMES[row.argmax()]
        assert prediction.score == prediction.probabilities[prediction.label]
    assert len({prediction.score for prediction in predictions}) == len(TEXTS)
    alone = [predictor.predict([text])[0].score for text in TEXTS]
    assert alone == pytest.approx([p.score for p in predictions], rel=1e-5)


def test_a_regression_gives_numbers():
    predictor = make_predictor(names=())
    predictions = predictor.predict(TEXTS)
    assert [p.score for p in predictions] == predictor.logits(TEXTS)[:, 0].tolist()
    assert {(p.label, len(p.probabilities)) for p in predictions} == {(None, 0)}


def test_no_texts_give_no_predictions():
    assert make_predictor().predict([]) == []
    assert make_predictor(is_pair=True).predict([], []) == []


def test_pairs_are_read_together():
    predictor = make_predictor(is_pair=True)
    logits = predictor.logits(["a b", "a b"], ["c", "d"])
    assert np.abs(logits[0] - logits[1]).max() > 1e-3


@pytest.mark.parametrize(
    ("is_pair", "texts", "message"),
    [
        (False, ["a b"], "expects a list of texts, but got one text"),
        (True, [["a"], "b"], "expects a list of texts, but got one text"),
        (False, [["a"], ["b"]], "reads one list of texts, but got 2"),
        (True, [["a"]], "reads two lists of texts, but got 1"),
        (True, [["a", "b"], ["c"]], "of the same length, but got 2 and 1"),
    ],
)
def test_other_columns_are_refused(is_pair, texts, message):
    with pytest.raises(DistillError, match=message):
        make_predictor(is_pair=is_pair).predict(*texts)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    make_predictor(is_pair=True).save(folder)
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    for path in saved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


FILES = ["labels.json", "model.keras", "text_settings.json", "vocab.txt"]


def test_what_was_saved_predicts_the_same(saved):
    assert sorted(path.name for path in saved.iterdir()) == FILES
    predictor, loaded = make_predictor(is_pair=True), Predictor.load(str(saved))
    assert loaded.labels == predictor.labels
    assert loaded.encoder.settings == predictor.encoder.settings
    assert loaded.encoder.vocabulary.tokens == predictor.encoder.vocabulary.tokens
    arguments = (TEXTS, TEXTS[::-1])
    np.testing.assert_array_equal(
        loaded.logits(*arguments), predictor.logits(*arguments)
    )


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert Predictor.is_saved_in(folder) == (name != "model.keras")
    with pytest.raises(DistillError, match=name):
        Predictor.load(folder)


def _truncate(content):
    return content[: len(content) // 2]


def _flip(content):
    """Damages a file inside of the archive, whose directory stays whole."""
    middle = content.index(b"config.json") + 40
    return content[:middle] + bytes(64) + content[middle + 64 :]


@pytest.mark.parametrize("spoil", [_truncate, _flip, lambda _: b"", lambda _: b"PK"])
def test_a_corrupt_model_is_one_sentence(folder, spoil):
    path = folder / "model.keras"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DistillError, match=r"model.keras should be .* cannot be read"):
        Predictor.load(folder)


def test_another_precision_is_another_predictor():
    predictor = make_predictor()
    copy = predictor.with_precision("mixed_bfloat16")
    assert copy.model.compute_dtype == "bfloat16"
    assert predictor.model.compute_dtype == "float32"
    np.testing.assert_allclose(
        copy.logits(TEXTS), predictor.logits(TEXTS), rtol=0.05, atol=0.1
    )
