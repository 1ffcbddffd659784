"""Whole general distillations: resumption, the checkpoint, what is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import google_config
from tiny_bert import huggingface_arrays
from tiny_bert import huggingface_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_tokens
from tiny_masked_lm import head_weights
from tiny_masked_lm import write_google_masked_lm
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.augmentation.masked_lm import load_masked_lm
from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.general_distillation import run as general_run
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.general_distillation.models import build_teacher
from distill_tf.general_distillation.models import general_student
from distill_tf.general_distillation.models import load_teacher
from distill_tf.general_distillation.run import distill_general
from distill_tf.general_distillation.stage import METHODS
from distill_tf.general_distillation.stage import general_stage
from distill_tf.methods import Sizes
from distill_tf.methods.tinybert import tinybert
from distill_tf.pipeline.classifier import build_text_encoder
from distill_tf.pipeline.students.bert import bert_student
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher as load_task_teacher
from distill_tf.text import encode_all
from distill_tf.training.callbacks import SaveState
from distill_tf.training.stages import build_distiller

SIZES = {
    "student_num_hidden_layers": 1,
    "student_hidden_size": 6,
    "student_num_attention_heads": 3,
    "student_intermediate_size": 10,
}
QUICK = {
    **SIZES,
    "max_seq_length": 9,
    "short_seq_probability": 0.0,
    "train_batch_size": 4,
    "num_train_epochs": 2.0,
    "learning_rate": 1e-2,
    "precision": "float32",
    "tensorboard": False,
    "save_checkpoints_steps": 2,
    "log_steps": 2,
}
SEQUENCES, STEPS_AN_EPOCH = 18, 5


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A corpus of short documents and a pre-trained teacher without a head."""
    folder = tmp_path_factory.mktemp("places")
    words = "abcdefghijklmnopqr"
    lines = (" ".join(words[i : i + 1 + i % 5]) for i in range(SEQUENCES))
    (folder / "text").write_text("\n\n".join(lines), "utf-8")
    write_google(folder / "teacher", random_weights())
    return {
        "corpus": str(folder / "text"),
        "init_checkpoint_teacher": str(folder / "teacher"),
    }


def configure(places, output_dir, **settings):
    return GeneralConfig(
        **{**QUICK, **places, "output_dir": str(output_dir), **settings}
    )


def weights_of(folder):
    return load_google_checkpoint(folder).weights


@pytest.fixture(scope="module")
def finished(places, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "run"
    assert distill_general(configure(places, folder)) == folder / "student"
    return folder


def test_the_report_counts_what_was_trained_on(finished, places):
    report = json.loads((finished / "report.json").read_text("utf-8"))
    assert report["steps"] == 2 * STEPS_AN_EPOCH
    assert report["epochs"] == 2
    assert report["sequences"] == 2 * SEQUENCES
    assert report["tokens"] == 2 * report["corpus"]["tokens"]
    assert report["corpus"]["documents"] == SEQUENCES
    assert report["losses"]["step"] == 10
    assert report["losses"].keys() == {"step", "attention_loss", "hidden_loss", "loss"}
    assert not report["ended_by_max_hours"]
    done = json.loads((finished / "stages/general/done.json").read_text("utf-8"))
    # Every two steps, and at the end of an epoch.
    assert [each["step"] for each in done["losses"]] == [2, 4, 5, 6, 8, 10]


def test_a_task_starts_from_just_these_weights(finished, tmp_path):
    config = distill_config(
        **SIZES,
        data_dir=write_sst2(tmp_path / "data"),
        init_checkpoint_teacher=write_teacher(tmp_path / "teacher"),
        init_checkpoint_student=str(finished / "student"),
    )
    data = TaskData.load(config)
    student = bert_student(config, load_task_teacher(config, data), data.train())
    found = named_weights(student.build("float32").model)
    expected = weights_of(finished / "student")
    assert_same_weights({name: found[name] for name in expected}, expected)
    assert found.keys() - expected.keys() == {"output_weights", "output_bias"}


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({"method": "distilbert"}, (4, 312, 12, 1200)),
        ({"layer_list": "1"}, (1, 12, 3, 20)),
    ],
)
def test_the_student_is_tinybert_4l_unless_its_start_says_otherwise(
    places, tmp_path, settings, sizes
):
    config = configure(
        places, tmp_path, **dict.fromkeys(SIZES), **settings, max_steps=1
    )
    found = load_google_checkpoint(distill_general(config)).config
    assert sizes == (
        found.num_hidden_layers,
        found.hidden_size,
        found.num_attention_heads,
        found.intermediate_size,
    )


@pytest.mark.slow
def test_a_task_goes_on_with_the_map_between_the_widths(finished, tmp_path):
    """Its rate is so small that training cannot move what it starts from."""
    settings = {
        "data_dir": write_sst2(tmp_path / "data"),
        "init_checkpoint_teacher": write_teacher(tmp_path / "teacher"),
        "intermediate_learning_rate": 1e-9,
    }
    started, other = (
        distill_config(**settings, output_dir=str(tmp_path / name), **start)
        for name, start in {
            "started": {
                **dict.fromkeys(SIZES),
                "init_checkpoint_student": str(finished / "student"),
            },
            "other": SIZES,
        }.items()
    )
    reader = tf.train.load_checkpoint(str(finished / "student/bert_model.ckpt"))
    kernel, bias = (reader.get_tensor(f"fit_dense/{p}") for p in ("kernel", "bias"))
    assert (kernel.shape, bias.shape) == ((6, 12), (12,))
    found = {}
    for config in (started, other):
        distill_tf.distill(config)
        folder = Path(config.output_dir, "stages/intermediate")
        (maps,) = folder.glob("*fit_dense*")
        with np.load(maps) as arrays:
            found[config] = [arrays[name] for name in arrays.files]
    np.testing.assert_allclose(found[started][0], kernel, atol=1e-6)
    np.testing.assert_allclose(found[started][1], bias, atol=1e-6)
    assert abs(found[other][0] - kernel).max() > 1e-3


def test_the_checkpoint_is_googles(finished):
    student = finished / "student"
    assert {p.name for p in student.iterdir()} == {
        *("bert_config.json", "vocab.txt", "text_settings.json"),
        *("bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001"),
    }
    config = json.loads((student / "bert_config.json").read_text("utf-8"))
    size = replace(CONFIG, num_hidden_layers=1, hidden_size=6, intermediate_size=10)
    assert config == google_config(size)


class Killed(Exception):
    pass


def kill_at(step, config, monkeypatch):
    """Runs until it would look at its states in this step."""
    save = SaveState.on_train_batch_end

    def killed(self, batch, logs=None):
        if self._progress.step == step:
            raise Killed
        save(self, batch, logs)

    with monkeypatch.context() as patch:
        patch.setattr(SaveState, "on_train_batch_end", killed)
        with pytest.raises(Killed):
            distill_general(config)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    finished, places, tmp_path, monkeypatch
):
    """Killed while it saves in the middle of an epoch, and in the next one."""
    config = configure(places, tmp_path / "run")
    for step in (3, 8):
        kill_at(step, config, monkeypatch)
    states = [p.name for p in (tmp_path / "run/stages/general").glob("state-*")]
    assert states == ["state-6-1"]
    assert_same_weights(
        weights_of(distill_general(config)), weights_of(finished / "student")
    )


def test_another_teacher_under_the_same_path_or_another_text_is_refused(
    places, tmp_path, monkeypatch
):
    teacher = tmp_path / "teacher"
    write_google(teacher, random_weights())
    config = configure(
        {**places, "init_checkpoint_teacher": str(teacher)}, tmp_path / "run"
    )
    kill_at(3, config, monkeypatch)
    shutil.rmtree(teacher)
    write_google(teacher, random_weights(seed=1))
    with pytest.raises(DistillError, match="begun otherwise .the teacher has changed"):
        distill_general(config)
    shutil.rmtree(teacher)
    write_google(teacher, random_weights())
    (tmp_path / "more").write_text("a b c\n\nd e", "utf-8")
    other = {"corpus": str(tmp_path / "more"), "corpus_dir": str(tmp_path / "corpus")}
    with pytest.raises(DistillError, match="begun otherwise .the files of the corpus"):
        distill_general(config.replace(**other))
    assert distill_general(config).exists()


def test_a_finished_run_is_left_alone(finished, places):
    student = finished / "student"
    written = student.stat().st_mtime_ns
    assert distill_general(configure(places, finished)) == student
    assert student.stat().st_mtime_ns == written


def test_steps_and_hours_bound_a_run(places, tmp_path):
    distill_general(configure(places, tmp_path / "steps", max_steps=7))
    report = json.loads((tmp_path / "steps/report.json").read_text("utf-8"))
    assert (report["steps"], report["epochs"]) == (7, 7 / STEPS_AN_EPOCH)
    assert SEQUENCES < report["sequences"] <= SEQUENCES + 2 * 4
    distill_general(configure(places, tmp_path / "hours", max_hours=1e-9))
    report = json.loads((tmp_path / "hours/report.json").read_text("utf-8"))
    assert report["ended_by_max_hours"]
    assert report["steps"] == 1
    assert (tmp_path / "hours/student/bert_model.ckpt.index").exists()


@pytest.mark.slow
def test_runs_share_a_tokenized_corpus(places, tmp_path):
    corpus = str(tmp_path / "corpus")
    for seed in (1, 2):
        folder = tmp_path / f"run{seed}"
        config = configure(places, folder, corpus_dir=corpus, seed=seed, max_steps=1)
        distill_general(config)
        assert not (folder / "corpus").exists()
    weights = [
        weights_of(tmp_path / f"run{seed}/student")["bert/pooler/dense/kernel"]
        for seed in (1, 2)
    ]
    assert not np.array_equal(*weights)


@pytest.mark.parametrize(
    ("method", "settings"),
    [
        ("minilm", {}),
        ("minilm", {"minilm_version": "v1", "minilm_teacher_layer": 0}),
        ("distilbert", {}),
        ("tinybert", {"attention_heads": "mean", "student_num_attention_heads": 2}),
    ],
)
def test_methods_lower_their_loss(places, tmp_path, method, settings):
    config = configure(places, tmp_path, method=method, **settings, num_train_epochs=6)
    distill_general(config)
    done = json.loads((tmp_path / "stages/general/done.json").read_text("utf-8"))
    assert done["losses"][-1]["loss"] < done["losses"][0]["loss"]


def test_the_loss_is_that_of_the_task_method(places, tmp_path):
    """On the same batch and weights, with the objectives of tinybert's first stage."""
    config = configure(places, tmp_path)
    checkpoint = load_teacher(config)
    teacher = build_teacher(config, checkpoint)
    student = general_student(config, checkpoint, "float32").build()
    sizes = Sizes(student_layers=1, teacher_layers=2, regression=False)
    general = general_stage(config, sizes, steps_an_epoch=5)
    recipe = DistillConfig(
        **SIZES, intermediate_epochs=1.0, learning_rate=1.0, num_train_epochs=1.0
    )
    task, _ = tinybert(recipe, sizes)
    assert [o.describe() for o in general.objectives] == [
        o.describe() for o in task.objectives
    ]
    rows = encode_all(build_text_encoder(checkpoint, 9, None), ["a b c", "d"])
    batches = TrainingBatches(rows, np.int32([-1, -1]), 2, seed=0)
    maps = {}
    losses = []
    for stage in (general, task):
        distiller = build_distiller(stage, student, batches, teacher, maps)
        maps |= distiller.projections
        x, y = batches.first()
        outputs = distiller(x, training=False)
        losses.append(float(distiller.compute_loss(x, y, outputs)))
    assert losses[0] == losses[1] > 0


def test_a_student_that_equals_its_teacher_has_nothing_to_learn_of_directions(
    places, tmp_path
):
    config = configure(
        places,
        tmp_path,
        method="distilbert",
        student_hidden_size=CONFIG.hidden_size,
        student_intermediate_size=CONFIG.intermediate_size,
        student_num_hidden_layers=2,
        layer_list="0,1",
    )
    checkpoint = load_teacher(config)
    teacher = build_teacher(config, checkpoint)
    student = general_student(config, checkpoint, "float32").build()
    sizes = Sizes(student_layers=2, teacher_layers=2, regression=False)
    rows = encode_all(build_text_encoder(checkpoint, 9, None), ["a b c", "d"])
    batches = TrainingBatches(rows, np.int32([-1, -1]), 2, seed=0)
    stage = general_stage(config, sizes, steps_an_epoch=1)
    distiller = build_distiller(stage, student, batches, teacher)
    x, y = batches.first()
    loss = distiller.compute_loss(x, y, distiller(x, training=False))
    assert float(loss) == pytest.approx(0, abs=1e-6)


def test_every_method_has_its_own_objectives(places, tmp_path):
    sizes = Sizes(student_layers=1, teacher_layers=2, regression=False)
    config = configure(places, tmp_path)
    names = {
        method: {o.name for o in build(config, sizes)}
        for method, build in METHODS.items()
    }
    assert names == {
        "tinybert": {"attention_loss", "hidden_loss"},
        "minilm": {
            "query_relation_loss",
            "key_relation_loss",
            "value_relation_loss",
        },
        "distilbert": {"cosine_loss"},
    }


@pytest.mark.slow
def test_a_hugging_face_teacher_with_exact_gelu(places, tmp_path):
    """The student gets the one GELU that Google's format has."""
    arrays = huggingface_arrays(random_weights())
    write_huggingface(tmp_path / "teacher", arrays, huggingface_config())
    config = configure(
        places,
        tmp_path / "run",
        init_checkpoint_teacher=str(tmp_path / "teacher"),
        max_steps=1,
    )
    assert load_teacher(config).config.hidden_act == "gelu_erf"
    loaded = load_google_checkpoint(distill_general(config))
    assert loaded.config.hidden_act == "gelu_tanh"
    assert loaded.config.layer_norm_eps == 1e-12


@pytest.mark.parametrize("from_scratch", [False, True])
def test_the_student_may_start_from_layers_of_the_teacher(
    places, tmp_path, from_scratch
):
    config = configure(
        places,
        tmp_path,
        student_hidden_size=12,
        student_intermediate_size=20,
        layer_list="1",
        from_scratch=from_scratch,
    )
    checkpoint = load_teacher(config)
    student = general_student(config, checkpoint, "float32").build()
    found = named_weights(student.encoder)
    for name in ("intermediate/dense/kernel", "attention/self/query/bias"):
        is_the_teachers = np.array_equal(
            found[f"bert/encoder/layer_0/{name}"],
            checkpoint.weights[f"bert/encoder/layer_1/{name}"],
        )
        assert is_the_teachers is not from_scratch


def test_relations_of_minilm_v1_have_the_heads_of_a_student_with_a_start(
    places, tmp_path, monkeypatch
):
    stages = []

    def note(*args):
        stages.append(general_stage(*args))
        return stages[-1]

    monkeypatch.setattr(general_run, "general_stage", note)
    config = configure(
        places,
        tmp_path,
        **dict.fromkeys(SIZES),
        layer_list="1",
        method="minilm",
        minilm_version="v1",
        minilm_teacher_layer=1,
        max_steps=1,
    )
    distill_general(config)
    for stage in stages:
        _, relations = stage.objectives
        # Without a word from the student 12, the most that divide both widths.
        assert relations.relation_heads == CONFIG.num_attention_heads == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"corpus": ""}, "there is no text to learn from"),
        ({"init_checkpoint_teacher": ""}, "general distillation needs a teacher"),
        ({"init_checkpoint_teacher": "nowhere"}, "nowhere was expected to be"),
        ({"max_seq_length": 20}, "have 20 tokens, but .* only 19 positions; set max"),
        ({"student_num_attention_heads": 2}, "the student has 2 and the teacher 3"),
        ({"student_num_attention_heads": 4}, "hidden_size .*num_attention_heads"),
        ({"layer_map": "0:0,1:5"}, "names hidden state 5 of the teacher"),
        ({"method": "minilm", "minilm_teacher_layer": 2}, "has layers 0 to 1"),
        ({"attention_weight": 0.0, "hidden_weight": 0.0}, "nothing to learn from"),
        ({"layer_list": "0,1"}, "student_num_hidden_layers is 1"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_written(
    places, tmp_path, settings, message
):
    with pytest.raises(DistillError, match=message):
        distill_general(configure(places, tmp_path / "run", **settings))
    assert not (tmp_path / "run").exists()


def test_a_teacher_that_lacks_a_part(places, tmp_path):
    weights = random_weights()
    del weights["bert/encoder/layer_1/output/dense/bias"]
    write_google(tmp_path / "teacher", weights)
    config = configure(
        places, tmp_path / "run", init_checkpoint_teacher=str(tmp_path / "teacher")
    )
    with pytest.raises(DistillError, match="lacks .*layer_1/output/dense/bias"):
        distill_general(config)


@pytest.mark.slow
def test_a_teacher_without_a_pooler_teaches(places, tmp_path):
    weights = {k: v for k, v in random_weights().items() if "pooler" not in k}
    write_google(tmp_path / "teacher", weights)
    config = configure(
        places,
        tmp_path / "run",
        init_checkpoint_teacher=str(tmp_path / "teacher"),
        max_steps=1,
    )
    assert distill_general(config).exists()


def test_another_configuration_is_refused(finished, places):
    (finished / "student").rename(finished.parent / "aside")
    try:
        with pytest.raises(DistillError, match="learning_rate was 0.01 and is now 0.1"):
            distill_general(configure(places, finished, learning_rate=0.1))
    finally:
        (finished.parent / "aside").rename(finished / "student")


MASKED = {"masked_lm_probability": 0.4, "masked_lm_temperature": 1.0}
AS_WIDE = {
    "student_hidden_size": CONFIG.hidden_size,
    "student_intermediate_size": CONFIG.intermediate_size,
}


@pytest.fixture(scope="module")
def masked_places(places, tmp_path_factory):
    """The same corpus, and a teacher that predicts masked words."""
    prefix = write_google_masked_lm(tmp_path_factory.mktemp("masked") / "teacher")
    return {**places, "init_checkpoint_teacher": str(prefix)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "precision"), [("distilbert", "mixed_bfloat16"), ("tinybert", "float32")]
)
def test_masked_words_are_learnt_beside_the_layers(
    masked_places, tmp_path, method, precision
):
    settings = {**MASKED, "method": method, "precision": precision}
    config = configure(masked_places, tmp_path, **settings, num_train_epochs=8)
    distill_general(config)
    done = json.loads((tmp_path / "stages/general/done.json").read_text("utf-8"))
    first, last = done["losses"][0], done["losses"][-1]
    names = {"masked_lm_soft_loss", "masked_lm_label_loss"}
    assert names < first.keys()
    for name in names:
        assert last[name] < first[name]
    # The head belongs to the checkpoint, which predicts words like any other BERT.
    model = load_masked_lm(str(tmp_path / "student"), max_length=9)
    inputs = {
        "token_ids": np.int32([[2, 5, 4, 3]]),
        "segment_ids": np.zeros((1, 4), np.int32),
        "padding_mask": np.ones((1, 4), bool),
    }
    assert model.best_tokens(inputs, np.int32([2]), 3).shape == (1, 3)


@pytest.mark.slow
def test_a_run_with_masked_words_goes_on_with_the_same_bits(
    masked_places, tmp_path, monkeypatch
):
    whole = configure(masked_places, tmp_path / "whole", **MASKED, method="distilbert")
    expected = weights_of(distill_general(whole))
    config = whole.replace(output_dir=str(tmp_path / "run"))
    kill_at(7, config, monkeypatch)
    assert_same_weights(weights_of(distill_general(config)), expected)


@pytest.mark.parametrize("weight", ["masked_lm_soft_weight", "masked_lm_label_weight"])
def test_a_weight_of_0_leaves_a_loss_out(masked_places, tmp_path, weight):
    config = configure(masked_places, tmp_path, **MASKED, **{weight: 0.0})
    sizes = Sizes(student_layers=1, teacher_layers=2, regression=False)
    names = {o.name for o in general_stage(config, sizes, 5).objectives}
    assert weight.replace("_weight", "_loss") not in names
    assert len(names) == 3


@pytest.mark.parametrize("origin", ["layer_list", "init_checkpoint_student", "none"])
def test_the_students_head_starts_where_its_layers_do(masked_places, tmp_path, origin):
    settings = {
        "layer_list": {"layer_list": "0"},
        "init_checkpoint_student": {
            "init_checkpoint_student": masked_places["init_checkpoint_teacher"],
            "student_num_hidden_layers": 2,
        },
        "none": {},
    }[origin]
    config = configure(masked_places, tmp_path, **MASKED, **{**AS_WIDE, **settings})
    student = general_student(config, load_teacher(config), "float32").build()
    found = student.masked_lm_head.named_weights()
    kernel = "cls/predictions/transform/dense/kernel"
    is_the_teachers = np.array_equal(found[kernel], head_weights()[kernel])
    assert is_the_teachers is (origin != "none")


def test_masked_words_that_nothing_learns(masked_places, tmp_path):
    unweighted = {"masked_lm_soft_weight": 0.0, "masked_lm_label_weight": 0.0}
    config = configure(masked_places, tmp_path / "run", **MASKED, **unweighted)
    with pytest.raises(DistillError, match="nothing is learnt from the masked tokens"):
        distill_general(config)
    assert not (tmp_path / "run").exists()


def test_a_teacher_that_cannot_predict_masked_words(places, tmp_path):
    config = configure(places, tmp_path / "run", **MASKED)
    with pytest.raises(DistillError, match="no masked-language-model head.*another"):
        distill_general(config)
    prefix = write_google_masked_lm(tmp_path)
    write_tokens(tmp_path / "vocab.txt", [t for t in TOKENS if t != "[MASK]"])
    config = config.replace(init_checkpoint_teacher=str(prefix))
    with pytest.raises(DistillError, match=r"has no \[MASK\], so no token can be"):
        distill_general(config)
    assert not (tmp_path / "run").exists()
