"""The exporters by name; each one's module is imported when it is asked for."""

import importlib
from collections.abc import Iterator
from collections.abc import Mapping

from distill_tf.export.exporter import Exporter
from distill_tf.export.format_names import FORMATS


class _Exporters(Mapping[str, Exporter]):
    def __getitem__(self, name: str) -> Exporter:
        if name not in FORMATS:
            raise KeyError(name)
        return importlib.import_module(f"distill_tf.export.{name}").EXPORTER

    def __iter__(self) -> Iterator[str]:
        return iter(FORMATS)

    def __len__(self) -> int:
        return len(FORMATS)


EXPORTERS: Mapping[str, Exporter] = _Exporters()
