"""The SavedModel, read by processes that know nothing of us."""

import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format
from real_data import real_data
from saved_model_requests import ask
from saved_model_requests import assert_is
from saved_model_requests import request
from saved_model_requests import run
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.config import model_server_config_pb2
from tiny_exports import LABELS
from tiny_exports import RAW_TEXTS
from tiny_exports import TEXTS
from tiny_exports import columns
from tiny_exports import decoded
from tiny_exports import make_predictor
from tiny_exports import make_word_predictor
from tiny_training import STUDENT
from tiny_training import make_classifier

from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.export.savedmodel import EXPORTER
from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor
from distill_tf.tasks import get_task
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

# The command that TensorFlow installs, after the tokenizer's kernels are loaded: once
# for each list of arguments on stdin.
SAVED_MODEL_CLI = """
import contextlib, json, sys
import tensorflow_text
from tensorflow.python.tools.saved_model_cli import main
for arguments in json.load(sys.stdin):
    sys.argv[1:] = arguments
    with contextlib.suppress(SystemExit):
        main()
"""
PREDICTORS = {
    "single": make_predictor,
    "pair": lambda: make_predictor(is_pair=True),
    "regression": lambda: make_predictor(names=()),
    "words": make_word_predictor,
    "words_pair": lambda: make_word_predictor(is_pair=True),
    "basic": lambda: make_word_predictor("basic"),
    "jieba": lambda: make_word_predictor("jieba"),
}
KINDS_ASKED = ("single", "pair", "regression", "words", "words_pair")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Kind -> predictor and the folder of its export, moved after it was written."""
    cache = {}

    def export(kind):
        if kind not in cache:
            written = tmp_path_factory.mktemp(f"written_{kind}")
            predictor = PREDICTORS[kind]()
            EXPORTER.check(predictor)
            EXPORTER.export(predictor, written)
            cache[kind] = predictor, Path(shutil.move(written, f"{written}_moved"))
        return cache[kind]

    return export


def requests_of(kind, predictor):
    """Everything that is asked of one kind of model."""
    texts, partners = columns(predictor)
    inputs = pad(predictor.encode(texts, partners), np.arange(len(texts)))
    if partners is None:
        return [
            request("serving_default", text=texts),
            request("from_token_ids", **inputs),
            request("serving_default", text=RAW_TEXTS),
            *(request("serving_default", text=[text]) for text in texts),
        ]
    if kind == "words_pair":
        inputs = {
            f"{side}_{name}": value
            for side, values in inputs.items()
            for name, value in values.items()
        }
    return [
        request("serving_default", text_a=texts, text_b=partners),
        request("from_token_ids", **inputs),
    ]


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    """Kind -> the answers of a process that has neither our code nor Keras."""
    asked = [
        (exported(kind)[1], requests_of(kind, exported(kind)[0]))
        for kind in KINDS_ASKED
    ]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    return dict(zip(KINDS_ASKED, ask(asked, elsewhere, "bare"), strict=True))


@pytest.mark.parametrize("kind", ["single", "words"])
def test_a_stranger_gets_the_same_answers(exported, answers, kind):
    predictor, _ = exported(kind)
    together, tokens, raw, *alone = answers[kind]
    expected = predictor.logits(TEXTS)
    assert_is(together, expected)
    assert_is(tokens, expected)
    assert_is(raw, predictor.logits(decoded(RAW_TEXTS)))
    for answer, row in zip(alone, expected, strict=True):
        assert_is(answer, row[np.newaxis])
    assert len(set(together["label"])) > 1


@pytest.mark.parametrize("kind", ["pair", "words_pair"])
def test_a_stranger_asks_about_pairs(exported, answers, kind):
    predictor, _ = exported(kind)
    for answer in answers[kind]:
        assert_is(answer, predictor.logits(*columns(predictor)))


def test_a_regression_answers_with_scores(exported, answers):
    predictor, folder = exported("regression")
    answer = answers["regression"][0]
    assert answer.keys() == {"score"}
    np.testing.assert_allclose(
        answer["score"], predictor.logits(TEXTS)[:, 0], atol=1e-5, rtol=0
    )
    assert not (folder / "1/assets/labels.txt").exists()


@pytest.mark.slow
def test_a_stranger_with_python(exported, tmp_path):
    predictor, folder = exported("single")
    asked = [(folder, [request("serving_default", text=TEXTS)])]
    ((answer,),) = ask(asked, tmp_path)
    assert_is(answer, predictor.logits(TEXTS))


@pytest.mark.parametrize("kind", PREDICTORS)
def test_what_is_opened_is_the_keras_model(exported, kind):
    predictor, folder = exported(kind)
    (export,) = EXPORTER.open(folder)
    texts = columns(predictor)
    expected = predictor.logits(*texts)
    assert np.ptp(expected, axis=0).max() > 0.1
    np.testing.assert_allclose(
        export.logits(*texts), expected, atol=export.tolerance, rtol=0
    )
    assert all(path.is_file() for path in export.files)
    assert folder / "1/saved_model.pb" in export.files
    nothing = columns(predictor, [])
    assert export.logits(*nothing).shape == (0, expected.shape[1])


def test_another_version_is_no_part_of_the_export(exported, tmp_path):
    _, folder = exported("single")
    both = shutil.copytree(folder, tmp_path / "both")
    shutil.copytree(both / "1", both / "2")
    (export,) = EXPORTER.open(both)
    files = {path.relative_to(both).parts[0] for path in export.files}
    assert files == {"1", "models.config"}


def test_words_found_by_jieba_are_separated_by_spaces(exported):
    predictor, folder = exported("jieba")
    loaded = tf.saved_model.load(str(folder / "1"))
    spaced = predictor.encoder.segment(["好电影a"])
    assert spaced != ["好电影a"]
    answer = loaded.signatures["serving_default"](text=tf.constant(spaced))
    np.testing.assert_allclose(
        answer["logits"], predictor.logits(["好电影a"]), atol=1e-5, rtol=0
    )


@pytest.mark.slow
def test_saved_model_cli(exported, tmp_path):
    predictor, folder = exported("single")
    of = ("--dir", str(folder / "1"), "--tag_set", "serve", "--signature_def")
    texts = ("--input_exprs", 'text=["a b c", "f"]', "--outdir", str(tmp_path))
    commands = [
        ("show", *of, "serving_default"),
        ("run", *of, "serving_default", *texts),
    ]
    output = run("-I", "-c", SAVED_MODEL_CLI, stdin=json.dumps(commands), cwd=tmp_path)
    for name, dtype, shape in (
        ("text", "DT_STRING", "(-1)"),
        ("label", "DT_STRING", "(-1)"),
        ("probabilities", "DT_FLOAT", "(-1, 3)"),
        ("logits", "DT_FLOAT", "(-1, 3)"),
    ):
        expected = rf"\['{name}'\] tensor_info:\s+dtype: {dtype}\s+shape: "
        assert re.search(expected + re.escape(shape), output), output
    assert "Result for output key label" in output
    np.testing.assert_allclose(
        np.load(tmp_path / "logits.npy"),
        predictor.logits(["a b c", "f"]),
        atol=1e-5,
        rtol=0,
    )


def test_the_folder_is_what_the_server_expects(exported):
    predictor, folder = exported("single")
    config = text_format.Parse(
        (folder / "models.config").read_text("utf-8"),
        model_server_config_pb2.ModelServerConfig(),
    )
    (model,) = config.model_config_list.config
    assert (model.name, model.model_platform) == ("classifier", "tensorflow")
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["1"]
    assets = folder / "1/assets"
    assert (assets / "labels.txt").read_text("utf-8").splitlines() == list(LABELS)
    assert Vocabulary.load(assets / "vocab.txt").tokens == (
        predictor.encoder.vocabulary.tokens
    )
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"/written_single" not in path.read_bytes(), path


def test_labels_and_vocabulary_are_registered_as_assets(exported):
    _, folder = exported("single")
    saved = saved_model_pb2.SavedModel()
    saved.ParseFromString((folder / "1/saved_model.pb").read_bytes())
    (graph,) = saved.meta_graphs
    assert {asset.filename for asset in graph.asset_file_def} == {
        "labels.txt",
        "vocab.txt",
    }


def test_a_missing_tool_is_named(monkeypatch):
    messages = "tensorflow_serving.apis.prediction_log_pb2"
    monkeypatch.setitem(sys.modules, messages, None)
    with pytest.raises(DistillError, match=r'pip install -e "\.\[serving\]"'):
        EXPORTER.check(make_predictor())


@pytest.mark.slow
@pytest.mark.real_data
def test_500_real_lines(tmp_path):
    vocabulary = Vocabulary.load(
        real_data("bert_meta", "uncased_L-4_H-256_A-4", "vocab.txt")
    )
    lines = get_task("sst-2").load(real_data("glue", "SST-2"), "dev", 500).texts_a
    encoder = TextEncoder.from_settings(vocabulary, TextSettings(True, 64))
    config = replace(STUDENT, vocab_size=len(vocabulary), max_position_embeddings=64)
    predictor = Predictor(
        make_classifier(config, len(LABELS)), encoder, LabelSet(LABELS, False)
    )
    EXPORTER.export(predictor, tmp_path)
    lines = [
        *lines,
        "",
        "wonderful " * 1000,
        "😀 café",
        "这部电影，很好看。",
        "a\u2028b",
    ]
    raw = [b"good \xff\xfe film", b"\xe8\xbf", b"\xed\xa0\x80 bad"]
    asked = [request("serving_default", text=texts) for texts in (lines, raw)]
    ((answer, raw_answer),) = ask([(tmp_path, asked)], tmp_path)
    assert len(answer["label"]) == 505
    assert_is(answer, predictor.logits(lines))
    assert_is(raw_answer, predictor.logits(decoded(raw)))
