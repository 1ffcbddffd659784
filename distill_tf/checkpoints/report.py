"""What became of each weight of a checkpoint when it was loaded into a model."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN_GROUPS = 8


@dataclass(frozen=True)
class Misshapen:
    """A weight whose shape is not the model's."""

    name: str
    expected: tuple[int, ...]
    found: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name} is {list(self.found)}, expected {list(self.expected)}"


@dataclass(frozen=True)
class MappingReport:
    """Every weight's fate, by google-research/bert's names.

    `mapped` were copied, `unused` are in the checkpoint only, `missing` in the
    model only, `misshapen` in both with different shapes. Unused names are the
    file's own where the model has no counterpart. Nobody looked at the
    `unread_config_keys` of the configuration.
    """

    source: str
    mapped: tuple[str, ...]
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    misshapen: tuple[Misshapen, ...] = ()
    unread_config_keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The counts on one line, with the names grouped in brackets."""
        parts = [f"{len(self.mapped)} mapped"]
        parts.append(_counted("unused", map(_group, self.unused)))
        parts.append(_counted("missing", self.missing))
        if self.misshapen:
            parts.append(_counted("misshapen", map(str, self.misshapen)))
        if self.unread_config_keys:
            parts.append(_counted("settings unread", self.unread_config_keys))
        return f"{self.source}: {', '.join(parts)}"


def _counted(what: str, names: Iterable[str]) -> str:
    groups = Counter(names)
    if not groups:
        return f"0 {what}"
    shown = list(groups)[:_SHOWN_GROUPS]
    more = len(groups) - len(shown)
    ending = f" and {more} more" if more else ""
    return f"{groups.total()} {what} ({', '.join(shown)}{ending})"


def _group(name: str) -> str:
    """The kind of an unused name, so that 400 optimizer slots print as one."""
    if name.endswith(("/adam_m", "/adam_v")):
        return "Adam slots"
    if name.startswith(("cls/", "cls.")):
        return "cls/..."
    return name
