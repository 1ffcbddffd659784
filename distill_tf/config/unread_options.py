"""Options that what is chosen does not read are refused, not ignored."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import fields

from distill_tf.config.options import Options
from distill_tf.errors import DistillError


@dataclass(frozen=True)
class Readers:
    """Which options are read with some values of a setting only.

    Attributes:
        setting: the option that chooses, such as model_type.
        values: those of its values that read the options.
        options: their names.
    """

    setting: str
    values: tuple[str | bool, ...]
    options: tuple[str, ...]


def refuse_unread(config: Options, table: Iterable[Readers]) -> None:
    """Refuses options that the chosen values of their settings do not read.

    Raises:
        DistillError: one of them has another value than its default.
    """
    for readers in table:
        if _are_read(readers, config):
            continue
        for option in readers.options:
            if not is_given(config, option):
                continue
            values = " or ".join(str(value).lower() for value in readers.values)
            mend = f"{readers.setting}={values}"
            raise DistillError(
                f"{option} is for {mend}, but {readers.setting} is "
                f"{getattr(config, readers.setting)}; leave it out, or give --{mend}."
            )


def is_given(config: Options, option: str) -> bool:
    """Whether an option has another value than its default."""
    defaults = {field.name: field.default for field in fields(config)}
    return getattr(config, option) != defaults[option]


def unread_options(config: Options, table: Iterable[Readers]) -> set[str]:
    """The options that the chosen values of their settings do not read."""
    return {
        option
        for readers in table
        if not _are_read(readers, config)
        for option in readers.options
    }


def _are_read(readers: Readers, config: Options) -> bool:
    return getattr(config, readers.setting) in readers.values
