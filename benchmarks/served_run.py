"""A finished run whose exports are served."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServedRun:
    """What every runtime gets.

    Attributes:
        run_dir: the run's folder.
        exports: has a folder for each format.
        labels: names of the classes, in order.
        texts: read in turn.
    """

    run_dir: str
    exports: str
    labels: tuple[str, ...]
    texts: tuple[str, ...]
