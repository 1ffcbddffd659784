"""Teachers of other families than BERT, from KerasHub's presets."""

import keras_hub
import numpy as np
import pytest
import tensorflow as tf
from tiny_presets import FAMILIES
from tiny_presets import make_task
from tiny_presets import write_preset
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_words import make_text

import distill_tf
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.models.keras_hub_classifier import KerasHubClassifier
from distill_tf.pipeline.teachers.keras_hub import is_other_family
from distill_tf.pipeline.teachers.keras_hub import load_keras_hub_classifier
from distill_tf.precision import without_training

pytestmark = [
    # Keras itself, saving a variable under numpy 2.
    pytest.mark.filterwarnings(
        "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    ),
    # KerasHub leaves the file of a SentencePiece model open.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings(
        r"ignore:.*vocabulary\.spm:pytest.PytestUnraisableExceptionWarning"
    ),
]
LABELS = LabelSet(("0", "1"), is_pair=False)
TEXTS = ["a ba c d", "efg", "c d a ba c d a a a a c d", ""]


@pytest.fixture(scope="module", params=FAMILIES)
def preset(request, tmp_path_factory):
    """The folder of a preset, and the classifier that was saved there."""
    folder = tmp_path_factory.mktemp("preset") / request.param
    return folder, make_task_and_save(folder, request.param)


def make_task_and_save(folder, family):
    task = make_task(family)
    task.save_to_preset(str(folder))
    return task


def test_logits_are_those_of_keras_hub(preset):
    folder, task = preset
    assert is_other_family(folder)
    teacher = load_keras_hub_classifier(folder, LABELS, 9)
    task.preprocessor.sequence_length = 9
    expected = task(task.preprocessor(TEXTS), training=False)
    np.testing.assert_allclose(teacher.logits(TEXTS), expected, rtol=0, atol=1e-5)


def test_pairs_are_packed_as_keras_hub_packs_them(preset):
    folder, task = preset
    pairs = LabelSet(("0", "1"), is_pair=True)
    teacher = load_keras_hub_classifier(folder, pairs, 11)
    others = TEXTS[::-1]
    task.preprocessor.sequence_length = 11
    rows = task.preprocessor(x=(tf.constant(TEXTS), tf.constant(others)))
    np.testing.assert_allclose(
        teacher.logits(TEXTS, others), task(rows, training=False), rtol=0, atol=1e-5
    )


def test_hidden_states_end_in_the_backbones_output(preset):
    folder, task = preset
    model = load_keras_hub_classifier(folder, LABELS, 9).model
    inputs = make_text(lengths=(7, 2, 5))
    inputs["token_ids"] %= 9
    outputs = model.compute_outputs(inputs, training=False)
    rows = {"token_ids": inputs["token_ids"], "padding_mask": inputs["padding_mask"]}
    states = outputs["hidden_states"]
    assert len(states) == model.config.num_hidden_layers + 1
    mask = inputs["padding_mask"]
    np.testing.assert_allclose(
        states[-1].numpy()[mask],
        task.backbone(rows, training=False).numpy()[mask],
        rtol=0,
        atol=1e-5,
    )
    # Through KerasHub's own layers: embeddings, norm.
    backbone = task.backbone
    embed = getattr(backbone, "embeddings", backbone.token_embedding)
    embeddings = backbone.embeddings_layer_norm(embed(inputs["token_ids"]))
    np.testing.assert_allclose(states[0], embeddings, rtol=0, atol=1e-6)


def test_truncation_is_counted(preset):
    folder, _ = preset
    encoder = load_keras_hub_classifier(folder, LABELS, 6).encoder
    encoded = encoder.encode_all(["a a a a", "a a", "a a a a a"])
    assert encoded.lengths.max() == 6
    # Four tokens and the two special ones just fit.
    words = len(encoder.encode_all(["a a a a"]).token_ids)
    assert encoded.num_truncated == (1 if words == 6 else 2)


def test_another_precision_keeps_the_weights(preset):
    folder, _ = preset
    model = load_keras_hub_classifier(folder, LABELS, 9).model
    inputs = make_text(lengths=(7, 2, 5))
    inputs["token_ids"] %= 9
    expected = model(inputs)
    found = model.with_precision("mixed_bfloat16").compute_outputs(inputs)
    assert found["hidden_states"][-1].dtype == tf.bfloat16
    np.testing.assert_allclose(found["logits"], expected, rtol=0, atol=0.15)
    kept = model.with_precision(without_training("mixed_bfloat16"))
    np.testing.assert_array_equal(kept(inputs), found["logits"])
    np.testing.assert_array_equal(model.with_precision("float32")(inputs), expected)


def test_a_head_that_ends_in_softmax_still_gives_logits():
    task = make_task("Roberta", num_classes=3, activation="softmax")
    inputs = make_text(lengths=(4, 2))
    inputs["token_ids"] %= 9
    logits = KerasHubClassifier(task)(inputs)
    rows = {"token_ids": inputs["token_ids"], "padding_mask": inputs["padding_mask"]}
    np.testing.assert_allclose(tf.nn.softmax(logits), task(rows), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"num_classes": 3}, "has 3 outputs, but the task needs 2"),
        ({"max_seq_length": 20}, "has only 19 positions"),
    ],
)
def test_presets_that_do_not_fit(tmp_path, settings, message):
    length = settings.pop("max_seq_length", 9)
    folder = tmp_path / "preset"
    write_preset(folder, "Roberta", **settings)
    with pytest.raises(DistillError, match=message):
        load_keras_hub_classifier(folder, LABELS, length)


def test_a_backbone_cannot_teach(tmp_path):
    make_task("Roberta").backbone.save_to_preset(str(tmp_path / "roberta"))
    with pytest.raises(DistillError, match="classifier, but holds RobertaBackbone"):
        load_keras_hub_classifier(tmp_path / "roberta", LABELS, 9)
    electra = keras_hub.models.ElectraBackbone(
        vocab_size=11,
        num_layers=1,
        num_heads=2,
        hidden_dim=4,
        embedding_dim=4,
        intermediate_dim=6,
    )
    electra.save_to_preset(str(tmp_path / "electra"))
    with pytest.raises(DistillError, match="KerasHub has no classifier; .*teacher_log"):
        load_keras_hub_classifier(tmp_path / "electra", LABELS, 9)


@pytest.fixture(scope="module")
def roberta(tmp_path_factory) -> str:
    return write_preset(tmp_path_factory.mktemp("teacher") / "roberta", "Roberta")


def run(folder, teacher, **settings):
    return distill_tf.distill(
        distill_config(
            **{
                "data_dir": write_sst2(folder / "data"),
                "init_checkpoint_teacher": teacher,
                "output_dir": str(folder / "run"),
                "method": "kd",
                **settings,
            }
        )
    )


def vocabulary(folder) -> str:
    path = folder / "vocab.txt"
    tokens = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefg", "##a", "##f")
    path.write_text("\n".join(tokens) + "\n", "utf-8")
    return str(path)


@pytest.mark.slow
def test_a_bert_learns_from_a_roberta(tmp_path, roberta):
    results = run(tmp_path, roberta, vocab_file=vocabulary(tmp_path))
    assert 0 <= results["teacher"]["accuracy"] <= 1
    assert results["teacher"]["parameters"] == make_task("Roberta").count_params()
    student = distill_tf.load(tmp_path / "run")
    assert len(student.encoder.vocabulary.tokens) == 14
    assert student.model.config.max_position_embeddings == 512


@pytest.mark.slow
def test_a_bilstm_learns_hidden_states_of_a_roberta(tmp_path, roberta):
    run(
        tmp_path,
        roberta,
        model_type="bilstm",
        method="factor_transfer",
        factor_size=3,
        student_tokenizer="whitespace",
        emb_dim=4,
        lstm_hidden_size=3,
    )
    assert distill_tf.load(tmp_path / "run").predict(["a ba"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "give its vocab_file, or an init_checkpoint_student"),
        ({"vocab_file": "own", "method": "tinybert"}, "attention_scores, which this"),
        ({"vocab_file": "own", "method": "minilm"}, "queries, which this teacher"),
        (
            {"vocab_file": "own", "method": "pkd_oneflow"},
            "let both use the same vocabulary",
        ),
        ({"vocab_file": "own", "layer_list": "0"}, "layer_list starts .* no BERT"),
        ({"bert_config_file": "x"}, "its own configuration; leave out"),
        (
            {"model_type": "bilstm", "student_tokenizer": "wordpiece"},
            "reads the pieces of the teacher, but there is no BERT",
        ),
        (
            {"model_type": "static", "student_tokenizer": "basic"},
            "no BERT teaches; give word vectors by embedding_path, or emb_dim",
        ),
    ],
)
def test_what_such_a_teacher_cannot_give_is_told_first(
    tmp_path, roberta, settings, message
):
    if "vocab_file" in settings:
        settings = {**settings, "vocab_file": vocabulary(tmp_path)}
    with pytest.raises(DistillError, match=message):
        run(tmp_path, roberta, **settings)
    assert not (tmp_path / "run").exists()
