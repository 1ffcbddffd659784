"""Flags: one a field, and back."""

import dataclasses

import pytest
from absl import flags

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.errors import DistillError

BOTH = pytest.mark.parametrize("config_class", [DistillConfig, FineTuneConfig])


def parse(config_class, *arguments):
    flag_values = flags.FlagValues()
    define_flags(config_class, flag_values)
    flag_values(["program", *arguments])
    return flag_values


@BOTH
def test_no_flag_gives_the_defaults(config_class):
    flag_values = parse(config_class)
    fields = {field.name: field for field in dataclasses.fields(config_class)}
    aliases = {a for field in fields.values() for a in field.metadata["aliases"]}
    assert set(flag_values) - set(flags.FlagValues()) == set(fields) | aliases
    for name, field in fields.items():
        assert flag_values[name].default == field.default
        assert flag_values[name].help.endswith(field.metadata["help"])
    assert config_from_flags(config_class, flag_values=flag_values) == config_class()


@BOTH
def test_every_kind_of_flag(config_class):
    flag_values = parse(
        config_class,
        "--task_name=SST-2",
        "--train_batch_size=7",
        "--learning_rate=2e-5",
        "--nodo_train",
        "--do_lower_case=false",
        "--pooling_strategy=mean",
    )
    assert config_from_flags(config_class, flag_values=flag_values) == config_class(
        task_name="SST-2",
        train_batch_size=7,
        learning_rate=2e-5,
        do_train=False,
        do_lower_case=False,
        pooling_strategy="mean",
    )


def test_over_a_saved_configuration_only_what_was_written():
    saved = DistillConfig(method="kd", seed=7, do_predict=False, kd_alpha=0.25)
    # One flag is written although it has its default value.
    flag_values = parse(DistillConfig, "--do_predict", "--seed=42")
    config = config_from_flags(DistillConfig, base=saved, flag_values=flag_values)
    assert config == saved.replace(do_predict=True, seed=42)


def test_another_programs_name_of_a_flag_counts_as_the_flag():
    flag_values = parse(DistillConfig, "--max_seq_length_bert=259", "--nouse_virt")
    expected = {"max_seq_length": 259, "use_kd_att": False}
    for base in (None, DistillConfig(seed=7)):
        config = config_from_flags(DistillConfig, base=base, flag_values=flag_values)
        assert config == (base or DistillConfig()).replace(**expected)


def test_a_flag_file_counts_as_written(tmp_path):
    path = tmp_path / "flags.txt"
    path.write_text("--method=none\n", "utf-8")
    flag_values = parse(DistillConfig, f"--flagfile={path}")
    saved = DistillConfig(method="kd", seed=7)
    config = config_from_flags(DistillConfig, base=saved, flag_values=flag_values)
    assert config == saved.replace(method="none")


@pytest.mark.parametrize(
    "argument", ["--method=huge", "--seed=1.5", "--layers=3", "--learning_rate=fast"]
)
def test_absl_refuses_what_has_another_type(argument):
    with pytest.raises(flags.Error, match=argument[2:].split("=")[0]):
        parse(DistillConfig, argument)


def test_limits_are_the_configurations():
    flag_values = parse(DistillConfig, "--train_batch_size=0")
    with pytest.raises(DistillError, match="train_batch_size must be at least 1"):
        config_from_flags(DistillConfig, flag_values=flag_values)
