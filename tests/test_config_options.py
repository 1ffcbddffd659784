"""Configurations: checked values, JSON, what makes two runs different."""

import dataclasses
import re

import pytest

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.options import Options
from distill_tf.config.options import option
from distill_tf.config.options import option_type
from distill_tf.errors import DistillError
from distill_tf.general_distillation.config import GeneralConfig

BOTH = pytest.mark.parametrize("config_class", [DistillConfig, FineTuneConfig])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample(Options):
    flag: bool = option(True, "A truth.")
    maybe: bool | None = option(None, "A truth, or none.")
    count: int = option(3, "A number.", minimum=1)
    share: float = option(0.5, "A share.", minimum=0, maximum=1)
    size: int | None = option(None, "A number, or none.", minimum=2)
    kind: str = option("big", "A word.", choices=("big", "small"))
    folder: str = option("", "A place.", same_run=True)


@pytest.mark.parametrize(
    "values",
    [
        {"count": 1, "share": 1, "size": 2},
        {"share": 0.0, "size": None, "maybe": False},
        {"kind": "small", "flag": False},
    ],
    ids=str,
)
def test_allowed_values(values):
    sample = Sample(**values)
    for name, value in values.items():
        assert getattr(sample, name) == value


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": "3"}, "count must be of type int, but is '3'"),
        ({"count": 3.0}, "count must be of type int, but is 3.0"),
        ({"count": True}, "count must be of type int, but is True"),
        ({"count": None}, "count must be of type int, but is None"),
        ({"count": 0}, "count must be at least 1, but is 0"),
        ({"size": 1}, "size must be at least 2, but is 1"),
        ({"flag": 1}, "flag must be of type bool, but is 1"),
        ({"maybe": "yes"}, "maybe must be of type bool, but is 'yes'"),
        ({"share": True}, "share must be of type float, but is True"),
        ({"share": -0.1}, "share must be at least 0, but is -0.1"),
        ({"share": 1.5}, "share must be at most 1, but is 1.5"),
        ({"share": float("nan")}, "share must be a finite number, but is nan"),
        ({"share": float("inf")}, "share must be a finite number, but is inf"),
        ({"kind": "huge"}, "kind must be one of big, small, but is 'huge'"),
        ({"folder": 3}, "folder must be of type str, but is 3"),
    ],
    ids=str,
)
def test_wrong_values_are_named(values, message):
    with pytest.raises(DistillError, match=message):
        Sample(**values)
    with pytest.raises(DistillError, match=message):
        Sample().replace(**values)


@pytest.mark.parametrize("config_class", [DistillConfig, FineTuneConfig, GeneralConfig])
def test_a_seed_that_numpy_cannot_take(config_class):
    assert config_class(seed=2**32 - 1).seed == 2**32 - 1
    with pytest.raises(DistillError, match="seed must be at most .* is 4294967296"):
        config_class(seed=2**32)


def test_types_without_none():
    types = {field.name: option_type(field) for field in dataclasses.fields(Sample)}
    assert list(types.values()) == [bool, bool, int, float, int, str, str]


@BOTH
def test_round_trip_through_json(config_class, tmp_path):
    config = config_class(task_name="café", learning_rate=2e-5, do_lower_case=False)
    config.save(tmp_path / "run_config.json")
    loaded = config_class.load(tmp_path / "run_config.json")
    assert loaded == config
    assert loaded.difference(config) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"counts": 3}', "sample.json has the unknown key 'counts'"),
        ('{"count": "3"}', "count must be of type int"),
        ("[]", "sample.json should be .* holds list"),
        ("{", "sample.json should be a saved run configuration .* cannot be read"),
        (None, "sample.json should be a saved run configuration .* cannot be read"),
    ],
)
def test_a_file_that_is_no_configuration(tmp_path, content, message):
    path = tmp_path / "sample.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(DistillError, match=message):
        Sample.load(path)


def test_the_first_difference_is_told_but_not_that_of_the_place():
    saved = Sample(count=4, folder="here")
    assert saved.difference(Sample(count=4, folder="there")) is None
    now = Sample(count=4, share=0.25, kind="small")
    assert now.difference(saved) == "share was 0.5 and is now 0.25"


@pytest.mark.parametrize(
    ("option", "was", "now"),
    [
        ("data_dir", "glue/SST-2", "glue/SST-2/"),
        ("data_dir", "glue/SST-2", "{here}/glue/SST-2"),
        ("data_dir", "link/SST-2", "glue/SST-2"),
        ("init_checkpoint_teacher", "a,b", "{here}/a, ./b"),
        ("vocab_file", "./vocab.txt", "vocab.txt"),
    ],
)
def test_two_spellings_of_a_path_are_no_difference(
    tmp_path, monkeypatch, option, was, now
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "glue").mkdir()
    (tmp_path / "link").symlink_to("glue")
    saved = DistillConfig(**{option: was})
    again = DistillConfig(**{option: now.format(here=tmp_path)})
    assert again.difference(saved) is None


@pytest.mark.parametrize(
    ("option", "was", "now"),
    [
        ("data_dir", "glue/SST-2", "glue/RTE"),
        ("data_dir", "", "."),
        ("init_checkpoint_teacher", "a,b", "b,a"),
        ("init_checkpoint_teacher", "a", "a,a"),
        ("labels", "a", "./a"),
    ],
)
def test_other_paths_and_other_words_are_a_difference(option, was, now):
    difference = DistillConfig(**{option: now}).difference(
        DistillConfig(**{option: was})
    )
    assert difference == f"{option} was {was!r} and is now {now!r}"


@pytest.mark.parametrize("config_class", [DistillConfig, FineTuneConfig, GeneralConfig])
def test_every_option_that_sounds_like_a_path_is_compared_as_one(config_class):
    for field in dataclasses.fields(config_class):
        if field.metadata["same_run"] or option_type(field) is not str:
            continue
        sounds = re.search(
            r"_(dir|file|path)$|checkpoint|teacher_logits|corpus", field.name
        )
        assert field.metadata["is_path"] == bool(sounds), field.name


@BOTH
def test_settings_that_may_change_between_two_calls_of_a_run(config_class):
    same_run = {
        field.name
        for field in dataclasses.fields(config_class)
        if field.metadata["same_run"]
    }
    assert same_run - {"teacher_cache", "teacher_cache_max_gb"} == {
        *("output_dir", "result_dir", "eval_batch_size", "save_checkpoints_steps"),
        "log_steps",
        *("do_train", "do_eval", "do_predict", "tensorboard"),
        *("export", "serve_for_online", "num_threads", "inter_op_threads"),
    }


@BOTH
def test_every_setting_has_a_help_text_and_a_valid_default(config_class):
    config_class()
    for field in dataclasses.fields(config_class):
        assert field.metadata["help"].endswith("."), field.name


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kd_alpha": 1.1}, "kd_alpha must be at most 1"),
        ({"warmup_proportion": 10.0}, "warmup_proportion must be at most 1"),
        ({"temperature": 0.0}, "temperature must be at least 0.001"),
        ({"method": "tinyberts"}, "method must be one of tinybert, tinybert_oneflow, "),
        (
            {"optimizer": "adam", "weight_decay": 0.1},
            "weight_decay is for optimizer=adamw, but optimizer is adam; leave it out",
        ),
        (
            {"optimizer": "adadelta", "embedding_optimizer": "lazy"},
            "embedding_optimizer is for optimizer=adamw or adam, but .* adadelta",
        ),
    ],
    ids=str,
)
def test_limits_of_a_distillation(values, message):
    with pytest.raises(DistillError, match=message):
        DistillConfig(**values)
