"""Configuration fields as absl flags, and back."""

import dataclasses
from typing import TypeVar

from absl import flags

from distill_tf.config.options import Options
from distill_tf.config.options import option_type

Config = TypeVar("Config", bound=Options)


def define_flags(config_class: type[Options]) -> None:
    """Defines one flag a field, with the field's default, help and choices."""
    for field in dataclasses.fields(config_class):
        kind = option_type(field)
        help, choices = field.metadata["help"], field.metadata["choices"]
        if kind is bool:
            flags.DEFINE_boolean(field.name, field.default, help)
        elif kind is int:
            flags.DEFINE_integer(field.name, field.default, help)
        elif kind is float:
            flags.DEFINE_float(field.name, field.default, help)
        elif choices:
            flags.DEFINE_enum(field.name, field.default, choices, help)
        else:
            flags.DEFINE_string(field.name, field.default, help)


def config_from_flags(config_class: type[Config], base: Config | None = None) -> Config:
    """The configuration that the command line gives.

    With `base`, only the flags that were written on the command line (or in a flag
    file) replace its values.
    """
    values = {
        field.name: flags.FLAGS[field.name].value
        for field in dataclasses.fields(config_class)
        if base is None or flags.FLAGS[field.name].present
    }
    return config_class(**values) if base is None else base.replace(**values)
