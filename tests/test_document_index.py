"""Documents that are encoded once score as pairs that are read together."""

import json

import numpy as np
import pytest
from tiny_towers import TEXTS_A
from tiny_towers import TEXTS_B
from tiny_towers import make_pair_encoder
from tiny_towers import make_towers

from distill_tf.document_index import DocumentIndex
from distill_tf.document_index import build_document_index
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.models.interaction_names import INTERACTION_NAMES
from distill_tf.predictor import Predictor

LABELS = LabelSet(("a", "b", "c"), is_pair=True)
DOCUMENTS = [*TEXTS_B, "", "a b"]
# float16 has 11 bits, bfloat16 8.
ROUNDING = {"float32": 1e-4, "float16": 0.03, "bfloat16": 0.3}


def make_predictor(name="late_fusion", **settings):
    return Predictor(make_towers(name, **settings), make_pair_encoder(), LABELS)


@pytest.mark.parametrize("name", INTERACTION_NAMES)
@pytest.mark.parametrize(
    "dtype",
    [
        "float32",
        *(
            pytest.param(dtype, marks=pytest.mark.slow)
            for dtype in ("float16", "bfloat16")
        ),
    ],
)
def test_scores_are_the_logits_of_the_pairs(tmp_path, name, dtype):
    predictor = make_predictor(name)
    index = build_document_index(
        predictor, DOCUMENTS, tmp_path / "index", dtype=dtype, batch_size=3
    )
    assert len(index) == len(DOCUMENTS)
    for query in TEXTS_A[:3]:
        pairs = predictor.logits([query] * len(DOCUMENTS), DOCUMENTS)
        found = index.score(query, batch_size=2)
        np.testing.assert_allclose(found, pairs, rtol=0, atol=ROUNDING[dtype])


def test_chosen_documents_come_in_the_order_asked_for(tmp_path):
    index = build_document_index(make_predictor(), DOCUMENTS, tmp_path / "index")
    every = index.score("a b c")
    np.testing.assert_allclose(
        index.score("a b c", [4, 0, 4]), every[[4, 0, 4]], rtol=1e-5, atol=1e-5
    )
    assert index.score("a", []).shape == (0, 3)
    with pytest.raises(DistillError, match="documents 0 to 6, but document 7"):
        index.score("a", [0, 7])


@pytest.mark.parametrize(
    "document_ids",
    [
        np.arange(len(DOCUMENTS)) > 4,
        [True, False],
        [0.0, 1.0],
        ["0"],
        [[0, 1], [2, 3]],
        3,
    ],
    ids=str,
)
def test_what_is_no_list_of_numbers_is_refused(tmp_path, document_ids):
    index = build_document_index(make_predictor(), DOCUMENTS, tmp_path / "index")
    with pytest.raises(DistillError, match="must be a list of whole numbers"):
        index.score("a", document_ids)
    assert index.score("a", np.uint8([6])).shape == (1, 3)


def test_a_list_of_queries_is_refused(tmp_path):
    index = build_document_index(make_predictor(), DOCUMENTS, tmp_path / "index")
    with pytest.raises(DistillError, match="query must be one text, but is a list"):
        index.score(["a", "b"])


def test_batches_are_padded_to_few_lengths(tmp_path, monkeypatch):
    predictor, lengths = make_predictor(), []
    interact = predictor.model.interact

    def noted(query, documents):
        lengths.append(documents.mask.shape[1])
        return interact(query, documents)

    monkeypatch.setattr(predictor.model, "interact", noted)
    folder = tmp_path / "index"
    # With [CLS] and [SEP] 3, 5 and 11 tokens, which is the most.
    build_document_index(predictor, ["a", "b c d", "a b c d e f g a b"], folder)
    for number in range(3):
        DocumentIndex(predictor, folder).score("a", [number])
    assert lengths == [4, 6, 11]


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "bfloat16"])
def test_an_index_is_opened_again_by_another_precision(tmp_path, policy):
    predictor = make_predictor()
    folder = tmp_path / "index"
    scores = build_document_index(predictor, DOCUMENTS, folder).score("a b")
    again = DocumentIndex(predictor.with_precision("float32"), folder)
    np.testing.assert_allclose(again.score("a b"), scores, rtol=1e-5, atol=1e-5)
    rounded = DocumentIndex(predictor.with_precision(policy), folder)
    np.testing.assert_allclose(rounded.score("a b"), scores, rtol=0.1, atol=0.3)


def test_weights_in_float16_are_nobodys(tmp_path):
    student = make_predictor("sbert")
    with pytest.raises(DistillError, match=r'use with_precision\("mixed_float16"\)'):
        build_document_index(
            student.with_precision("float16"), ["a"], tmp_path / "index"
        )


def test_only_tokens_are_stored(tmp_path):
    predictor, folder = make_predictor(), tmp_path / "index"
    build_document_index(predictor, ["a b c", "a"], folder)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    assert (vectors.shape, vectors.dtype) == ((5 + 3, 12), np.float16)


def test_an_index_of_another_model_is_refused(tmp_path):
    folder = tmp_path / "index"
    build_document_index(make_predictor(), DOCUMENTS, folder)
    with pytest.raises(DistillError, match="built with another model"):
        DocumentIndex(make_predictor(seed=1), folder)
    with pytest.raises(DistillError, match="built with another model"):
        cased = make_pair_encoder(lengths=(9, 12))
        DocumentIndex(Predictor(make_towers("late_fusion"), cased, LABELS), folder)


def test_an_index_takes_the_place_of_an_older_one(tmp_path):
    folder = tmp_path / "index"
    build_document_index(make_predictor(), DOCUMENTS, folder)
    build_document_index(make_predictor(seed=1), DOCUMENTS[:2], folder)
    assert len(DocumentIndex(make_predictor(seed=1), folder)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


@pytest.mark.parametrize(
    "files", [["model.keras"], ["index.json", "notes.txt"], ["vectors.npy"]], ids=str
)
def test_nothing_but_an_index_is_replaced(tmp_path, files):
    for name in files:
        (tmp_path / name).write_text("precious", "utf-8")
    with pytest.raises(DistillError, match="a new or empty folder, or one of a"):
        build_document_index(make_predictor(), DOCUMENTS, tmp_path)
    with pytest.raises(DistillError, match="should be a folder, but is a file"):
        build_document_index(make_predictor(), DOCUMENTS, tmp_path / files[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    assert (tmp_path / files[0]).read_text("utf-8") == "precious"


def test_an_empty_folder_is_filled(tmp_path):
    assert len(build_document_index(make_predictor(), DOCUMENTS[:2], tmp_path)) == 2


def test_what_is_no_index_is_refused(tmp_path):
    with pytest.raises(DistillError, match="should be a document index"):
        DocumentIndex(make_predictor(), tmp_path)
    (tmp_path / "index.json").write_text(json.dumps([])[:1])
    with pytest.raises(DistillError, match="should be a document index"):
        DocumentIndex(make_predictor(), tmp_path)


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("name", ["index.json", "vectors.npy", "offsets.npy"])
@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"{}"),
    ],
    ids=["cut", "missing", "empty", "of something else"],
)
def test_a_damaged_index_is_one_sentence(tmp_path, name, spoil):
    folder = tmp_path / "index"
    predictor = make_predictor()
    build_document_index(predictor, DOCUMENTS, folder)
    spoil(folder / name)
    with pytest.raises(DistillError, match=r"index should be .* cannot be read \(.*\w"):
        DocumentIndex(predictor, folder)


def test_vectors_of_fewer_documents_are_told(tmp_path):
    folder, other = tmp_path / "index", tmp_path / "other"
    predictor = make_predictor()
    build_document_index(predictor, DOCUMENTS, folder)
    build_document_index(predictor, DOCUMENTS[:2], other)
    (other / "vectors.npy").replace(folder / "vectors.npy")
    with pytest.raises(DistillError, match="vectors.npy ends before the last document"):
        DocumentIndex(predictor, folder)


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        ({"strict_virt": True}, {}, "strict_virt counts padding"),
        ({}, {"dtype": "int8"}, "float16, bfloat16, float32, but is 'int8'"),
        ({}, {"documents": "one"}, "a list of at least one text"),
        ({}, {"documents": []}, "a list of at least one text"),
    ],
)
def test_mistakes_are_told(tmp_path, settings, options, message):
    options = {"documents": DOCUMENTS, **options}
    with pytest.raises(DistillError, match=message):
        build_document_index(
            make_predictor(**settings), folder=tmp_path / "index", **options
        )
    assert not list(tmp_path.iterdir())
