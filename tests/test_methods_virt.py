"""Method virt: its stage as data, and the students it is for."""

import pytest
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.losses import logit_mse
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.methods.virt import virt
from distill_tf.objectives.tower_vectors import TeacherContrastObjective
from distill_tf.objectives.tower_vectors import TowerContrastObjective

TOKENS = (62, 326)


def stage(**settings):
    settings = {"model_type": "late_fusion", **settings}
    (only,) = stages_of(virt, tower_tokens=TOKENS, **settings)
    return only


def objective(name, **settings):
    return next(o for o in stage(**settings).objectives if o.name == name)


def test_by_default_labels_and_attention_maps():
    assert weights(stage()) == {"label_loss": 1.0, "attention_map_loss": 700.0}
    assert (stage().epochs, stage().learning_rate) == (2.5, 1e-4)
    assert (stage().schedule, stage().selects_best) == ("linear", True)
    maps = objective("attention_map_loss")
    assert maps.lengths == TOKENS
    assert not maps.counts_padding


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"kd_weight_att": 400.0}, {"attention_map_loss": 400.0}),
        ({"kd_weight_att": 0.0}, {}),
        ({"use_kd_att": False}, {}),
        # 12 times 64 tokens, however many layers there are.
        (
            {"kd_weight_att": 0.5, "kd_att_scale": "sum", "student_layers": 12},
            {"attention_map_loss": 0.5 * 12 * 64},
        ),
        (
            {"kd_weight_att": 0.5, "kd_att_scale": "sum", "model_type": "deformer"},
            {"attention_map_loss": 0.5 * 12 * 64},
        ),
        (
            {"kd_weight_att": 0.0, "use_kd_logit_mse": True},
            {"logit_loss": 0.4},
        ),
        (
            {"kd_weight_att": 0.0, "use_layer_distill": True, "kd_weight_layer": 2.0},
            {"hidden_loss": 2.0},
        ),
        (
            {
                "kd_weight_att": 0.0,
                "use_contrast_self": True,
                "use_contrast_teacher_separately": True,
            },
            {"contrast_loss": 0.3, "teacher_contrast_loss": 0.3},
        ),
    ],
    ids=str,
)
def test_what_is_switched_on_beside_the_labels(settings, expected):
    assert weights(stage(**settings)) == {"label_loss": 1.0, **expected}


@pytest.mark.parametrize(
    ("settings", "layer_map"),
    [
        ({"student_layers": 3, "teacher_layers": 3}, ((0, 0), (1, 1), (2, 2))),
        ({"student_layers": 2, "teacher_layers": 6}, ((0, 2), (1, 5))),
        (
            {"student_layers": 2, "teacher_layers": 6, "layer_map": "last"},
            ((0, 4), (1, 5)),
        ),
        # The last layer of a deformer reads both texts.
        (
            {"student_layers": 3, "teacher_layers": 3, "model_type": "deformer"},
            ((0, 0), (1, 1)),
        ),
        # A dipair's joint layer comes on top of the towers' layers.
        (
            {"student_layers": 2, "teacher_layers": 2, "model_type": "dipair"},
            ((0, 0), (1, 1)),
        ),
    ],
    ids=str,
)
def test_which_layers_are_compared(settings, layer_map):
    assert objective("attention_map_loss", **settings).layer_map == layer_map
    hidden = objective("hidden_loss", use_layer_distill=True, **settings)
    assert hidden.layer_map == tuple((s + 1, t + 1) for s, t in layer_map)


def test_strictly_padded_queries_count():
    assert objective("attention_map_loss", strict_virt=True).counts_padding
    assert stage(strict_virt=True).reads_padding
    assert not stage().reads_padding


def test_the_logits_by_their_names():
    assert objective("logit_loss", use_kd_logit_mse=True).loss.func is logit_mse
    divergence = objective("logit_loss", use_kd_logit_kl=True, temperature=2.0)
    assert divergence.loss.keywords == {"temperature": 2.0}


def test_the_contrastive_losses_by_their_names():
    settings = {"contrast_temperature": 0.5, "labels": ("a", "b", "c")}
    own = objective(
        "contrast_loss", use_contrast_self=True, contrast_class=2, **settings
    )
    assert isinstance(own, TowerContrastObjective)
    assert (own.positive_class, own.temperature) == (2, 0.5)
    teachers = objective(
        "teacher_contrast_loss", use_contrast_teacher_separately=True, **settings
    )
    assert isinstance(teachers, TeacherContrastObjective)
    assert teachers.temperature == 0.5


def test_the_contrasts_class_is_told_by_the_tasks_labels():
    labels = ("entailment", "not_entailment")
    own = objective("contrast_loss", use_contrast_self=True, labels=labels)
    assert own.positive_class == 0
    assert own.describe().endswith(" of class 0")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"use_kd_logit_mse": True, "use_kd_logit_kl": True},
            "use_kd_logit_mse and use_kd_logit_kl .* only one",
        ),
        ({"use_kd_att": True, "kd_weight_att": 0.0}, "use_kd_att is on, .*_att is 0"),
        (
            {"use_kd_logit_kl": True, "kd_weight_logit": 0.0},
            "use_kd_logit_kl is on, .*kd_weight_logit is 0",
        ),
        (
            {"use_contrast_self": True, "regression": True},
            "use_contrast_self needs a class",
        ),
        (
            {"layer_map": "0:0"},
            "layer_map is 0:0, .* 1 to 4, and of the teacher, 1 to 12",
        ),
        (
            {"layer_map": "0:3", "use_kd_att": False, "use_layer_distill": True},
            "layer_map is 0:3, which leaves method virt nothing to compare",
        ),
        # Its top layer alone, which reads both texts.
        (
            {"layer_map": "4:12", "model_type": "deformer"},
            "layer_map is 4:12, .* the towers, 1 to 3",
        ),
        (
            {"teacher_layers": None},
            "logits alone; choose method kd, .*_mse=true",
        ),
    ],
    ids=str,
)
def test_contradictions_are_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        stage(**settings)


def test_the_predictions_alone_need_no_layers():
    only = stage(teacher_layers=None, use_kd_att=False, use_kd_logit_mse=True)
    assert weights(only) == {"label_loss": 1.0, "logit_loss": 0.4}


@pytest.mark.parametrize(("model_type", "top"), [("sbert", 4), ("deformer", 3)])
def test_towers_find_their_partners_without_a_teachers_layers(model_type, top):
    settings = {"use_kd_att": False, "use_contrast_self": True}
    only = stage(teacher_layers=None, model_type=model_type, **settings)
    assert weights(only) == {"label_loss": 1.0, "contrast_loss": 0.3}
    layers = [layer for layer, _ in only.objectives[1].layer_map]
    assert layers == list(range(1, top + 1))
    assert not only.needs_teacher
    with pytest.raises(DistillError, match="use_layer_distill .*give logits alone"):
        stage(teacher_layers=None, use_layer_distill=True, **settings)


def build(method, model_type, **sizes):
    settings = {"learning_rate": 1e-4, "num_train_epochs": 1.0}
    config = DistillConfig(model_type=model_type, method=method, **settings)
    defaults = {"student_layers": 2, "teacher_layers": 2, "regression": False}
    return build_stages(config, Sizes(**{**defaults, **sizes}))


def test_it_is_a_method_of_two_towers():
    (only,) = build("virt", "sbert", tower_tokens=TOKENS)
    assert only.name == "prediction"


@pytest.mark.parametrize(
    ("model_type", "layers"), [("tinybert", 2), ("bilstm", None)], ids=str
)
def test_other_students_are_refused(model_type, layers):
    with pytest.raises(
        DistillError, match=f"method virt .*which {model_type} .*late_fusion, sbert"
    ):
        build("virt", model_type, student_layers=layers)


def test_two_towers_refuse_methods_of_one_row():
    with pytest.raises(
        DistillError, match="tinybert compares .*a poly does not .*kd, .*virt, none"
    ):
        build("tinybert", "poly", tower_tokens=TOKENS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kd_weight_logit": 2.0}, "kd_weight_logit is for use_kd_logit_mse or use_kd"),
        (
            {"kd_weight_layer": 2.0},
            "kd_weight_layer is for use_layer_distill, switc",
        ),
        (
            {"contrast_class": 1, "use_contrast_teacher_separately": True},
            "contrast_class is for use_contrast_self, switched off",
        ),
        (
            {"temperature": 2.0, "use_kd_logit_mse": True},
            "temperature is for use_kd_logit_kl, switched off",
        ),
    ],
    ids=str,
)
def test_a_setting_of_what_is_switched_off_is_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        stages_of(virt, tower_tokens=(7, 9), **settings)
