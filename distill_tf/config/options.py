"""How a configuration's fields are declared, checked, saved and read."""

import dataclasses
import json
import math
import os
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import TypeVar

from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically

# What a run's folder calls its saved configuration.
CONFIG_FILE = "run_config.json"

Config = TypeVar("Config", bound="Options")


def option(
    default: Any,
    help: str,
    choices: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    same_run: bool = False,
    is_path: bool = False,
    aliases: tuple[str, ...] = (),
) -> Any:
    """A dataclass field that is also a command-line flag.

    Args:
        default: the value when nothing is given; None means "decided by the run".
        help: what the flag's help says.
        choices: the allowed values, if they are few.
        minimum: the smallest allowed number.
        maximum: the largest allowed number.
        same_run: the value may change between two calls of one run, since it does
            not change what is learnt.
        is_path: the value names files or folders, separated by commas; another
            spelling of the same ones is the same value.
        aliases: further names of the flag, those of other programs.
    """
    return dataclasses.field(
        default=default,
        metadata={
            "help": help,
            "choices": choices,
            "minimum": minimum,
            "maximum": maximum,
            "same_run": same_run,
            "is_path": is_path,
            "aliases": aliases,
        },
    )


def option_type(field: dataclasses.Field) -> type:
    """The type of a field with "or None" taken away."""
    if isinstance(field.type, types.UnionType):
        return next(t for t in typing.get_args(field.type) if t is not type(None))
    return field.type


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """Base of all configurations: checks values, and travels as JSON."""

    def __post_init__(self):
        for field in dataclasses.fields(self):
            self._check(field, getattr(self, field.name))

    def _check(self, field: dataclasses.Field, value: Any) -> None:
        if value is None and isinstance(field.type, types.UnionType):
            return
        expected = option_type(field)
        allowed = (int, float) if expected is float else expected
        if not isinstance(value, allowed) or (
            isinstance(value, bool) and expected is not bool
        ):
            raise DistillError(
                f"{field.name} must be of type {expected.__name__}, but is {value!r}."
            )
        if expected is float and not math.isfinite(value):
            raise DistillError(
                f"{field.name} must be a finite number, but is {value!r}."
            )
        choices = field.metadata["choices"]
        if choices and value not in choices:
            raise DistillError(
                f"{field.name} must be one of {', '.join(choices)}, but is {value!r}."
            )
        minimum, maximum = field.metadata["minimum"], field.metadata["maximum"]
        if minimum is not None and value < minimum:
            raise DistillError(
                f"{field.name} must be at least {minimum:g}, but is {value!r}."
            )
        if maximum is not None and value > maximum:
            raise DistillError(
                f"{field.name} must be at most {maximum:.10g}, but is {value!r}."
            )

    def replace(self: Config, **changes: Any) -> Config:
        return dataclasses.replace(self, **changes)

    def with_defaults(self: Config, defaults: Mapping[str, Any]) -> Config:
        """With these values where there is None."""
        return self.replace(
            **{
                name: value
                for name, value in defaults.items()
                if getattr(self, name) is None
            }
        )

    def to_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def save(self, path: str | Path) -> None:
        write_json_atomically(path, self.to_dict())

    @classmethod
    def from_dict(
        cls: type[Config], values: Mapping[str, Any], source: str = "the configuration"
    ) -> Config:
        unknown = sorted(
            set(values) - {field.name for field in dataclasses.fields(cls)}
        )
        if unknown:
            raise DistillError(
                f"{source} has the unknown key {unknown[0]!r}; correct its name, or "
                "choose another folder if this one is another command's run."
            )
        return cls(**values)

    @classmethod
    def load(cls: type[Config], path: str | Path) -> Config:
        """Reads a saved configuration; DistillError if it is not one."""
        try:
            values = json.loads(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DistillError(
                f"{path} should be a saved run configuration (JSON), but cannot be "
                f"read ({error}); give another folder or remove this one."
            ) from error
        if not isinstance(values, dict):
            raise DistillError(
                f"{path} should be a saved run configuration (a JSON object), but "
                f"holds {type(values).__name__}; give another folder or remove this "
                "one."
            )
        return cls.from_dict(values, source=str(path))

    def difference(self: Config, earlier: Config) -> str | None:
        """The first setting that makes this another run than an earlier one."""
        for field in dataclasses.fields(self):
            mine, theirs = getattr(self, field.name), getattr(earlier, field.name)
            if mine == theirs or field.metadata["same_run"]:
                continue
            if field.metadata["is_path"] and _places(mine) == _places(theirs):
                continue
            return f"{field.name} was {theirs!r} and is now {mine!r}"
        return None


def _places(paths: str) -> list[str]:
    """Where paths lead to: relative or not, through links, with a slash at the end."""
    parts = (part.strip() for part in paths.split(","))
    # The real path of nothing would be the working directory.
    return [part and os.path.realpath(part) for part in parts]
