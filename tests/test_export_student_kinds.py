"""Which students each format takes, and what it says of the others."""

import re
import sys
from pathlib import Path
from types import ModuleType

import keras
import pytest
from export_students import make_predictor
from tiny_exports import make_bipartite_predictor
from tiny_exports import make_tower_predictor
from tiny_exports import make_word_predictor

from distill_tf.errors import DistillError
from distill_tf.export.format_names import FORMATS
from distill_tf.export.formats import EXPORTERS
from distill_tf.models.static_classifier import StaticClassifier
from distill_tf.predictor import Predictor

PAGE = Path(__file__).parents[1] / "docs/exports.md"
STUDENTS = {
    "BERT, tanh pooler": make_predictor,
    "BERT, mean pooling": lambda: make_predictor(pooling_strategy="mean"),
    "BiLSTM": make_word_predictor,
    "static": lambda: make_word_predictor(kind=StaticClassifier),
    "two towers": make_tower_predictor,
    "bipartite teacher": make_bipartite_predictor,
}
# What a table of the documentation has in its cells.
YES = "yes"
CELLS = {
    row.group(1): dict(
        zip(FORMATS, map(str.strip, row.group(2).split("|")), strict=True)
    )
    for row in re.finditer(
        rf"^\| ({'|'.join(STUDENTS)}) \| (.+) \|$",
        PAGE.read_text("utf-8"),
        re.MULTILINE,
    )
}
# Tools that tests may run without.
PEERS = {"onnx": "tf2onnx", "litert": "ai_edge_litert"}


def test_the_documentation_tells_of_every_kind_and_format():
    assert list(CELLS) == list(STUDENTS)


@pytest.fixture(autouse=True)
def torch(monkeypatch):
    """What comparing in PyTorch needs is asked for, and may not be there."""
    for module in ("torch", "transformers", "tokenizers"):
        monkeypatch.setitem(sys.modules, module, ModuleType(module))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("student", STUDENTS)
def test_a_format_takes_what_the_documentation_says(student, name):
    if name in PEERS:
        pytest.importorskip(PEERS[name])
    predictor = STUDENTS[student]()
    if CELLS[student][name] == YES:
        EXPORTERS[name].check(predictor)
        return
    with pytest.raises(DistillError, match="choose .*(savedmodel|pytorch)") as caught:
        EXPORTERS[name].check(predictor)
    assert type(predictor.model).__name__ in str(caught.value) or "pool" in student


@pytest.mark.parametrize(
    ("student", "module"),
    [
        ("BERT, tanh pooler", "transformers"),
        ("BERT, mean pooling", "tokenizers"),
        ("BiLSTM", "torch"),
        ("two towers", "torch"),
    ],
)
def test_pytorch_asks_first_for_what_comparing_needs(monkeypatch, student, module):
    monkeypatch.setitem(sys.modules, module, None)
    sentence = rf'{module}, which cannot .* pip install -e "\.\[pytorch\]"'
    with pytest.raises(DistillError, match=sentence):
        EXPORTERS["pytorch"].check(STUDENTS[student]())


def test_pytorch_names_the_kinds_that_it_takes():
    predictor = make_predictor()
    other = Predictor(keras.Sequential(), predictor.encoder, predictor.labels)
    sentence = (
        "no PyTorch code is written for a Sequential that reads the layout bert, only "
        "for BERT, BiLSTM, static and two-tower"
    )
    with pytest.raises(DistillError, match=sentence):
        EXPORTERS["pytorch"].check(other)
