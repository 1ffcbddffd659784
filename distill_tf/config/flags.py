"""Configuration fields as absl flags, and back."""

import dataclasses
from typing import TypeVar

from absl import flags

from distill_tf.config.options import Options
from distill_tf.config.options import option_type

Config = TypeVar("Config", bound=Options)

_DEFINE = {
    bool: flags.DEFINE_boolean,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    str: flags.DEFINE_string,
}


def define_flags(
    config_class: type[Options], flag_values: flags.FlagValues = flags.FLAGS
) -> None:
    """Defines one flag a field, with the field's default, help and choices."""
    for field in dataclasses.fields(config_class):
        help, choices = field.metadata["help"], field.metadata["choices"]
        if choices:
            flags.DEFINE_enum(
                field.name, field.default, choices, help, flag_values=flag_values
            )
        else:
            define = _DEFINE[option_type(field)]
            define(field.name, field.default, help, flag_values=flag_values)
        for alias in field.metadata["aliases"]:
            flags.DEFINE_alias(alias, field.name, flag_values=flag_values)


def config_from_flags(
    config_class: type[Config],
    base: Config | None = None,
    flag_values: flags.FlagValues = flags.FLAGS,
) -> Config:
    """The configuration that the command line gives.

    With `base`, only the flags that were written on the command line (or in a flag
    file) replace its values.
    """
    values = {
        field.name: flag_values[field.name].value
        for field in dataclasses.fields(config_class)
        if base is None or _is_given(field, flag_values)
    }
    return config_class(**values) if base is None else base.replace(**values)


def _is_given(field: dataclasses.Field, flag_values: flags.FlagValues) -> bool:
    names = (field.name, *field.metadata["aliases"])
    return any(flag_values[name].present for name in names)
