"""An export in its place, where an older one may be."""

import shutil
from pathlib import Path

from distill_tf.export.exporter import Exporter
from distill_tf.files import atomic_path
from distill_tf.files import refuse_other_files
from distill_tf.predictor import Predictor


def check_free(exporter: Exporter, folder: Path) -> None:
    """DistillError if an export in the folder's place would lose something else."""
    found = {path.name for path in folder.glob("*")}
    if exporter.marker not in found:
        refuse_other_files(folder, found, f"an earlier export to {exporter.name}")


def write_export(exporter: Exporter, predictor: Predictor, folder: Path) -> None:
    """Writes an export beside its place, and then replaces what was there.

    That is the whole folder, lest a client find files of two exports. In a folder of
    versions only what the exporter writes is replaced.

    Raises:
        DistillError: If the exporter cannot write it, or the disk is full.
    """
    if not exporter.is_versioned:
        _write_whole(exporter, predictor, folder)
        return
    complete = folder.with_name(f".{folder.name}.new")
    _write_whole(exporter, predictor, complete)
    for part in sorted(complete.iterdir()):
        with atomic_path(folder / part.name) as temporary:
            shutil.move(part, temporary)
    complete.rmdir()


def _write_whole(exporter: Exporter, predictor: Predictor, folder: Path) -> None:
    with atomic_path(folder) as temporary:
        temporary.mkdir()
        exporter.export(predictor, temporary)
