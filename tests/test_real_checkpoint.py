"""The main job on a real pre-trained BERT and real sentences, a few minutes' worth."""

import json

import keras
import numpy as np
import pytest
from real_checkpoint import make_checkpoints
from real_data import real_data

import distill_tf
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.models.bert import BertEncoder
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import encode_all

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """The folders of a Google checkpoint and of its Hugging Face original."""
    folders = make_checkpoints(tmp_path_factory.mktemp("checkpoints"))
    return folders["google"], folders["hugging face"]


@pytest.fixture(scope="module")
def teacher(checkpoints, tmp_path_factory):
    """A teacher fine-tuned for two hundred steps: folder and results."""
    folder = tmp_path_factory.mktemp("runs") / "teacher"
    results = distill_tf.fine_tune(
        distill_tf.FineTuneConfig(
            task_name="sst-2",
            data_dir=str(real_data("glue", "SST-2")),
            init_checkpoint=str(checkpoints[0]),
            max_train_examples=6400,
            num_train_epochs=1.0,
            output_dir=str(folder),
        )
    )
    return folder, results


def test_google_and_hugging_face_hold_the_same_weights(checkpoints):
    google, hugging_face = (load_checkpoint(path) for path in checkpoints)
    assert google.tokens == hugging_face.tokens
    assert google.config.hidden_act == "gelu_tanh"
    assert hugging_face.config.hidden_act == "gelu_erf"
    assert google.weights.keys() == hugging_face.weights.keys()
    for name, weight in google.weights.items():
        np.testing.assert_array_equal(weight, hugging_face.weights[name])


def test_real_weights_give_hugging_faces_outputs(checkpoints):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    texts = ["a gripping , funny film", "it 's not good", "café ☃ " * 9]
    checkpoint = load_checkpoint(checkpoints[1])
    encoder = BertEncoder(checkpoint.config)
    encoder.build()
    checkpoint.load_into(encoder)
    tokens = TextEncoder.from_settings(
        Vocabulary(checkpoint.tokens), TextSettings(True, 40)
    )
    encoded = encode_all(tokens, texts)
    inputs = encoded.pad(np.arange(3), int(encoded.lengths.max()))
    found = encoder(inputs, training=False)

    model = transformers.BertModel.from_pretrained(
        checkpoints[1], attn_implementation="eager"
    ).eval()
    with torch.no_grad():
        expected = model(
            input_ids=torch.from_numpy(inputs["token_ids"]).long(),
            token_type_ids=torch.from_numpy(inputs["segment_ids"]).long(),
            attention_mask=torch.from_numpy(inputs["padding_mask"]).long(),
            output_hidden_states=True,
        )
    mask = inputs["padding_mask"]
    for ours, theirs in zip(
        found["hidden_states"], expected.hidden_states, strict=True
    ):
        np.testing.assert_allclose(
            np.asarray(ours)[mask], theirs.numpy()[mask], rtol=0, atol=1e-5
        )
    np.testing.assert_allclose(
        found["pooled_output"], expected.pooler_output.numpy(), rtol=0, atol=1e-5
    )


def test_a_short_fine_tuning_learns(teacher):
    _, results = teacher
    assert results["accuracy"] > 0.75


def test_a_student_learns_from_it_and_leaves_it_alone(teacher, tmp_path):
    folder, _ = teacher
    before = distill_tf.load(folder).model.get_weights()
    config = distill_tf.DistillConfig(
        task_name="sst-2",
        data_dir=str(real_data("glue", "SST-2")),
        init_checkpoint_teacher=str(folder),
        max_train_examples=6400,
        intermediate_epochs=1.0,
        intermediate_learning_rate=5e-4,
        num_train_epochs=1.0,
        learning_rate=2e-4,
        output_dir=str(tmp_path / "student"),
    )
    results = distill_tf.distill(config)
    assert results["accuracy"] > 0.55
    for old, new in zip(
        before, distill_tf.load(folder).model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(old, new)

    again = distill_tf.distill(config.replace(do_train=False))
    assert again["accuracy"] == results["accuracy"]
    assert again["teacher"]["accuracy"] == results["teacher"]["accuracy"]
    saved = json.loads((tmp_path / "student/results_eval.json").read_text("utf-8"))
    assert saved["parameters"] == 14_350_248 + 312 * 2 + 2


def test_the_saved_teacher_is_the_checkpoints_architecture(teacher, checkpoints):
    folder, _ = teacher
    model = keras.models.load_model(folder / "model.keras", compile=False)
    assert named_weights(model).keys() - load_checkpoint(
        checkpoints[0]
    ).weights.keys() == {"output_weights", "output_bias"}
