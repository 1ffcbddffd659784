"""Students of two towers as folders for PyTorch."""

import json

import numpy as np
import pytest
from export_students import TEXT_BY_TEXT
from export_students import all_written
from export_students import assert_tidy
from export_students import run_client
from safetensors.numpy import load_file
from tiny_exports import TEXTS
from tiny_exports import columns
from tiny_exports import make_tower_predictor

from distill_tf.checkpoints.weight_names import named_layer_weights
from distill_tf.export.pytorch import EXPORTER
from distill_tf.models.interaction_names import INTERACTION_NAMES

# Both texts may be longer than the 8 and 16 tokens of a dipair, or be cut.
LENGTHS = (13, 20)
STUDENTS = {
    **{name: {"interaction": name} for name in INTERACTION_NAMES},
    **{
        f"{name}, cls": {"interaction": name, "pooling_strategy": "cls"}
        for name in ("sbert", "poly")
    },
    **{
        f"{name}, strict": {"interaction": name, "strict_virt": True}
        for name in ("late_fusion", "col")
    },
    "residual": {"interaction": "late_fusion", "residual_head": True},
    "regression": {"interaction": "bi_encoder", "names": ()},
}
LONG = ["a b c d e f g h i j k l m n", "a b c d e f g h i", *TEXTS]
CLIENT = (
    TEXT_BY_TEXT
    + """
answer = {}
for name, (folder, firsts, seconds) in job.items():
    model = load(folder, "two_tower", "TwoTowerClassifier")
    with torch.no_grad():
        logits = model(*tensors(folder, firsts), *tensors(folder, seconds))
        query = model.encode(*tensors(folder, firsts[:1]), "first")
        documents = model.encode(*tensors(folder, seconds), "second")
        scored = model.score(*query, *documents)
        empty = model(*tensors(folder, [""]), *tensors(folder, [""]))
    answer[name] = {
        "logits": logits.tolist(),
        "scored": scored.tolist(),
        "empty": empty.tolist(),
        "id2label": model.id2label,
    }
assert not {"tensorflow", "transformers", "safetensors"} & set(sys.modules)
"""
)


def make(**settings):
    return make_tower_predictor(lengths=LENGTHS, **settings)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Predictor and folder of each student."""
    folder = tmp_path_factory.mktemp("pytorch")
    return all_written(EXPORTER, STUDENTS, make, folder)


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    pytest.importorskip("torch")
    job = {
        name: (str(folder), *columns(predictor, LONG))
        for name, (predictor, folder) in exported.items()
    }
    return run_client(CLIENT, job, tmp_path_factory.mktemp("client"))


@pytest.mark.parametrize("name", STUDENTS)
def test_a_client_that_does_not_know_us(exported, answers, name):
    predictor, _ = exported[name]
    answer = answers[name]
    texts, partners = columns(predictor, LONG)
    expected = predictor.logits(texts, partners)
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_allclose(answer["logits"], expected, rtol=1e-5, atol=1e-5)
    scored = predictor.logits([texts[0]] * len(texts), partners)
    np.testing.assert_allclose(answer["scored"], scored, rtol=1e-5, atol=1e-5)
    nothing = predictor.logits([""], [""])
    np.testing.assert_allclose(answer["empty"], nothing, rtol=1e-5, atol=1e-5)
    names = predictor.labels.names or ("LABEL_0",)
    assert answer["id2label"] == {str(i): label for i, label in enumerate(names)}


@pytest.mark.parametrize("name", ["residual", "dipair", "late_fusion, strict"])
def test_opened_it_computes_the_same(exported, name):
    pytest.importorskip("torch")
    predictor, folder = exported[name]
    (export,) = EXPORTER.open(folder)
    expected = predictor.logits(*columns(predictor, LONG))
    found = export.logits(*columns(predictor, LONG))
    np.testing.assert_allclose(found, expected, rtol=0, atol=export.tolerance)
    nothing = columns(predictor, [])
    assert export.logits(*nothing).shape == (0, predictor.labels.num_outputs)
    assert {path.name for path in export.files} == {
        *("config.json", "model.safetensors", "modeling_two_tower.py"),
        *("labels.json", "text_settings.json", "tokenizer.json", "vocab.txt"),
    }


def test_a_layer_above_the_towers_has_its_names(exported):
    predictor, folder = exported["deformer"]
    arrays = load_file(folder / "model.safetensors")
    weights = named_layer_weights(predictor.model.interaction.joint_layer)
    np.testing.assert_array_equal(
        arrays["interaction.layer.intermediate.dense.weight"],
        weights["bert/encoder/layer_0/intermediate/dense/kernel"].T,
    )
    # The towers have one layer fewer than the BERT that they were made of.
    assert not any(".layer.1." in name for name in arrays)


@pytest.mark.parametrize("name", ["late_fusion", "sbert, cls"])
def test_what_nothing_reads_is_left_out(exported, name):
    _, folder = exported[name]
    arrays = load_file(folder / "model.safetensors")
    has_pooler = any("pooler" in name for name in arrays)
    assert has_pooler == name.endswith("cls")


def test_the_code_is_one_tidy_file(exported):
    _, folder = exported["col"]
    assert_tidy(folder / "modeling_two_tower.py")


def test_the_configuration_says_how_a_row_is_made(exported):
    predictor, folder = exported["poly"]
    values = json.loads((folder / "config.json").read_text("utf-8"))
    vocabulary = predictor.encoder.vocabulary
    assert values["architectures"] == ["TwoTowerClassifier"]
    assert (values["interaction"], values["poly_first_m"]) == ("poly", 4)
    assert values["max_tokens"] == {"first": 11, "second": 18}
    assert values["cls_token_id"] == vocabulary.cls_id
    assert values["sep_token_id"] == vocabulary.sep_id
