"""Defaults that depend on the task."""

import pytest
from tiny_runs import distill_config

from distill_tf.config import DistillConfig
from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.errors import DistillError
from distill_tf.pipeline.resolve import is_sample
from distill_tf.pipeline.resolve import resolve
from distill_tf.pipeline.resolve import with_task
from distill_tf.tasks import get_task


@pytest.mark.parametrize(
    ("task", "size", "alone"),
    [
        ("sst-2", (4, 312, 12, 1200), False),
        ("sts-b", (4, 312, 12, 1200), False),
        ("sample", (2, 64, 4, 128), True),
        ("sample_pair", (2, 64, 4, 128), True),
    ],
)
def test_defaults_of_the_task(task, size, alone):
    resolved = resolve(DistillConfig(), get_task(task))
    assert size == (
        resolved.student_num_hidden_layers,
        resolved.student_hidden_size,
        resolved.student_num_attention_heads,
        resolved.student_intermediate_size,
    )
    assert resolved.student_alone is alone


@pytest.mark.parametrize(
    ("settings", "rates", "hidden_size"),
    [
        ({}, (5e-4, 1e-4), 312),
        ({"init_checkpoint_student": "start"}, (5e-5, 3e-5), None),
        ({"layer_list": "0,2"}, (5e-5, 3e-5), None),
        ({"layer_list": "0,2", "from_scratch": True}, (5e-4, 1e-4), None),
        ({"layer_list": "0", "student_hidden_size": 24}, (5e-5, 3e-5), 24),
    ],
)
def test_a_start_has_its_own_sizes_and_wants_smaller_steps(
    settings, rates, hidden_size
):
    resolved = resolve(DistillConfig(**settings), get_task("sst-2"))
    assert rates == (resolved.intermediate_learning_rate, resolved.learning_rate)
    assert resolved.student_hidden_size == hidden_size


@pytest.mark.parametrize(
    ("model_type", "option", "value"),
    [
        ("bilstm", "init_checkpoint_student", "start"),
        ("static", "layer_list", "0"),
        ("bilstm", "student_hidden_size", 8),
        ("static", "lstm_hidden_size", 8),
        ("tinybert", "emb_dim", 8),
        ("tinybert", "vocab_size", 99),
        ("static", "student_preset", "tang"),
        ("late_fusion", "student_tokenizer", "jieba"),
        ("tinybert", "bidirectional", True),
        ("bert_pkd", "compress_ratio", 2),
        ("tinybert", "use_resnet_predict", False),
        ("bert_pkd", "strict_virt", True),
        ("col", "poly_first_m", 8),
        ("late_fusion", "colbert_dim", 8),
    ],
)
def test_options_of_another_kind_of_student_are_refused(model_type, option, value):
    config = DistillConfig(model_type=model_type, **{option: value})
    with pytest.raises(DistillError, match=f"{option} is for model_type=.*leave it"):
        resolve(config, get_task("qqp"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tang", "temperature": 2.0}, "temperature is for method=.* tang"),
        ({"method": "tang", "kd_alpha": 0.5}, "kd_alpha is for method=minilm or kd"),
        ({"method": "kd", "pkd_beta": 10.0}, "pkd_beta is for method=pkd or pkd_one"),
        ({"method": "kd", "dkd_beta": 2.0}, "dkd_beta is for kd_loss=dkd"),
        (
            {"teacher_weight_warmup": 0.5},
            "teacher_weight_warmup is for teacher_weight_schedule=warm_up",
        ),
        (
            {"temperature_warmup": 0.5, "temperature_schedule": "linear_decay"},
            "temperature_warmup is for temperature_schedule=warm_up",
        ),
        ({"method": "pkd", "layer_map": "last"}, "layer_map is for method=tinybert"),
        ({"method": "minilm", "hidden_projection": "none"}, "hidden_projection is for"),
        (
            {"method": "tinybert_oneflow", "intermediate_distill": False},
            "intermediate_distill is for method=tinybert or minilm or theseus",
        ),
        (
            {"method": "tinybert_oneflow", "pred_distill": False},
            "pred_distill is for method=tinybert or minilm or theseus",
        ),
        (
            {"method": "kd", "intermediate_epochs": 3.0},
            "intermediate_epochs is for method=tinybert or minilm or theseus",
        ),
        ({"method": "kd", "replace_prob": 0.3}, "replace_prob is for method=theseus"),
        (
            {"method": "kd", "aug_dir": "there"},
            "aug_dir is for aug_train=true, but aug_train is False; leave it out, or",
        ),
        ({"method": "kd", "train_head": True}, "train_head is for model_type=theseus"),
        (
            {"method": "pkd", "kd_alpha": 0.2, "pkd_alpha": 0.3},
            "kd_alpha is another name of pkd_alpha in method pkd, and both",
        ),
    ],
    ids=str,
)
def test_options_of_another_method_are_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        resolve(DistillConfig(**settings), get_task("sst-2"))
    # What everything is compared with takes the same flags.
    if "train_head" not in settings:
        alone = DistillConfig(**{**settings, "method": "none"})
        assert resolve(alone, get_task("sst-2")).method == "none"


@pytest.mark.parametrize(
    ("method", "name"),
    [("pkd", "pkd_alpha"), ("pkd_oneflow", "pkd_alpha"), ("soft_ce", "soft_ce_alpha")],
)
def test_oneflows_name_of_alpha(method, name):
    config = resolve(DistillConfig(method=method, kd_alpha=0.4), get_task("sst-2"))
    assert getattr(config, name) == 0.4
    # Resolved again, as a run that goes on does.
    assert resolve(config, get_task("sst-2")) == config


@pytest.mark.parametrize(
    "model_type", ["tinybert", "bert_pkd", "theseus", "bilstm", "static"]
)
@pytest.mark.parametrize("task", ["cola", "sample"])
def test_what_every_run_needs_is_decided(task, model_type):
    resolved = resolve(DistillConfig(model_type=model_type), get_task(task))
    for name in ("method", "learning_rate", "num_train_epochs", "student_alone"):
        assert getattr(resolved, name) is not None, name
    assert resolved.output_dir


def test_a_student_without_attention_has_its_own_defaults():
    config = DistillConfig(model_type="bilstm", max_seq_length=77)
    resolved = resolve(config, get_task("cola"))
    assert resolved.method == "tang"
    assert resolved.student_num_hidden_layers is None
    assert resolved.student_tokenizer == "wordpiece"
    assert resolved.student_max_seq_length == 77


@pytest.mark.parametrize(
    ("preset", "tokenizer"),
    [("tang", "basic"), ("oneflow", "whitespace"), ("bert_embedding", "wordpiece")],
)
def test_a_preset_reads_as_its_publisher(preset, tokenizer):
    config = DistillConfig(model_type="bilstm", student_preset=preset)
    assert resolve(config, get_task("cola")).student_tokenizer == tokenizer


@pytest.mark.parametrize("task", ["cola", "sample"])
def test_what_is_given_stays(task):
    given = distill_config(
        output_dir="here", student_alone=False, num_train_epochs=0.0, learning_rate=0.0
    )
    assert resolve(given, get_task(task)) == given


@pytest.mark.parametrize(
    ("method", "folder"),
    [
        ("tinybert", "output/sst-2_tinybert"),
        ("kd", "output/sst-2_tinybert_kd"),
        ("none", "output/sst-2_tinybert_none"),
    ],
)
def test_output_folder_names_task_and_method(method, folder):
    resolved = resolve(DistillConfig(method=method), get_task("SST2"))
    assert resolved.output_dir == folder


def test_a_task_has_one_spelling():
    assert with_task(DistillConfig(task_name="SST2")).task_name == "sst-2"
    assert with_task(DistillConfig(task_name="sst-2")).task_name == "sst-2"
    with pytest.raises(DistillError, match="no task named 'sst3'"):
        with_task(DistillConfig(task_name="sst3"))


def test_only_generated_tasks_are_samples():
    assert is_sample(get_task("sample")) and is_sample(get_task("sample_pair"))
    assert not is_sample(get_task("rte"))
    assert not is_sample(get_task("chnsenticorp"))


@pytest.mark.parametrize(
    ("model_type", "method"), [("bert_pkd", "pkd"), ("theseus", "theseus")]
)
def test_a_student_of_the_teachers_widths_has_its_own_defaults(model_type, method):
    config = DistillConfig(model_type=model_type)
    resolved = resolve(config, get_task("cola"))
    assert resolved.method == method
    assert resolved.student_hidden_size is None
    assert resolved.output_dir == "output/" + "_".join(
        dict.fromkeys(("cola", model_type, method))
    )
    on_sample = resolve(config, get_task("sample"))
    assert on_sample.learning_rate > resolved.learning_rate


@pytest.mark.parametrize(
    ("model_type", "method", "sentence"),
    [
        ("tinybert", "theseus", "needs model_type=theseus, but that is tinybert; cha"),
        ("bilstm", "theseus", "needs model_type=theseus, but that is bilstm; change"),
        ("theseus", "kd", "or none, .* but the method is kd; for that one choose"),
    ],
)
def test_theseus_is_a_student_and_a_method(model_type, method, sentence):
    config = DistillConfig(model_type=model_type, method=method)
    with pytest.raises(DistillError, match=sentence):
        resolve(config, get_task("cola"))


def test_a_theseus_without_a_teacher_is_the_fine_tuned_one():
    config = DistillConfig(model_type="theseus", method="none")
    assert resolve(config, get_task("cola")).method == "none"


@pytest.mark.parametrize("method", METHOD_TABLE)
def test_what_is_resolved_resolves_to_itself(method):
    """A finished run's configuration may be given again."""
    kinds = {"theseus": "theseus", "virt": "late_fusion"}
    config = DistillConfig(model_type=kinds.get(method, "tinybert"), method=method)
    resolved = resolve(config, get_task("mrpc"))
    assert resolve(resolved, get_task("mrpc")) == resolved


def test_a_start_is_written_beside_the_run_that_takes_it():
    config = DistillConfig(model_type="bert_pkd", init_student_only=True)
    start = resolve(config, get_task("mrpc")).output_dir
    run = resolve(config.replace(init_student_only=False), get_task("mrpc")).output_dir
    assert (start, run) == (
        "output/mrpc_bert_pkd_pkd_start",
        "output/mrpc_bert_pkd_pkd",
    )
