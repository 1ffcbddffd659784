"""From a finished classifier to files in other formats, and how good they are."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from absl import logging

from distill_tf.evaluation.cost import Latency
from distill_tf.export.comparison_texts import ComparisonTexts
from distill_tf.export.comparison_texts import load_texts
from distill_tf.export.comparison_texts import texts_of_run
from distill_tf.export.format_names import NUM_TEXTS
from distill_tf.export.format_names import parse_formats
from distill_tf.export.formats import EXPORTERS
from distill_tf.export.latency import KERAS
from distill_tf.export.latency import measure_latencies
from distill_tf.export.measurement import Reference
from distill_tf.export.measurement import latency_entries
from distill_tf.export.placement import check_free
from distill_tf.export.placement import write_export
from distill_tf.export.report import print_report
from distill_tf.export.report_file import read_entries
from distill_tf.export.report_file import write_report
from distill_tf.files import check_writable
from distill_tf.predictor import Predictor


def export(
    run_folder: str | Path,
    formats: Sequence[str] = ("savedmodel",),
    folder: str | Path | None = None,
    *,
    texts_file: str = "",
    data_dir: str = "",
    num_texts: int = NUM_TEXTS,
) -> dict[str, Any]:
    """Writes the model of a finished run in other formats.

    Args:
        run_folder: the output folder of a run.
        formats: names out of `FORMATS`.
        folder: where to; by default `export` in the run's folder. Each format has a
            folder of its name there, and what is in it is replaced, but for the
            versions of a SavedModel other than `1`.
        texts_file: texts to compare on, one a line, or two with a tab between them;
            by default those of the run's dev set, and where that cannot be found
            generated ones.
        data_dir: where the files of the run's task are, if they have moved.
        num_texts: how many texts to compare on, the first ones; 0 takes all.

    Returns:
        What export_report.json holds; see `export_predictor`.

    Raises:
        DistillError: If the run or the texts cannot be read, a format cannot hold the
            model, a tool is not installed, or the folder cannot be written to; then
            nothing has been written.
    """
    run_folder, count = Path(run_folder), num_texts or None
    formats = parse_formats(",".join(formats))
    predictor = Predictor.load(run_folder)
    labels = predictor.labels
    texts = (
        load_texts(Path(texts_file), labels.is_pair, count)
        if texts_file
        else texts_of_run(run_folder, labels, count, data_dir)
    )
    return export_predictor(predictor, formats, folder or run_folder / "export", texts)


def export_predictor(
    predictor: Predictor,
    formats: Sequence[str],
    folder: str | Path,
    texts: ComparisonTexts,
) -> dict[str, Any]:
    """Writes a classifier in some formats, and reports on each.

    Every export is opened again with its own runtime and compared with the Keras
    model. A difference above the format's tolerance is a warning and stands in the
    report; the files stay.

    Args:
        predictor: the classifier, in any precision; exported is a float32 one.
        formats: names out of `FORMATS`.
        folder: gets a folder a format, and export_report.json, in which the exports
            of other formats stay that are there already.
        texts: what to compare on.

    Returns:
        What export_report.json holds: `texts` (`source`, `count`), `keras` (the
        model's own latency, and its metrics where the labels are known), and
        `exports`, a list of what `Reference.measure` gives, each with its `format`
        and the `texts` that it was compared on.

    Raises:
        DistillError: If a format cannot hold the model, a tool is not installed, or
            the folder cannot be written to, or holds something else in an export's
            place; then nothing has been written.
    """
    folder = Path(folder)
    for place in (folder, *(folder / name for name in formats)):
        check_writable(place, "output_dir")
    if predictor.model.compute_dtype != "float32":
        predictor = predictor.with_precision("float32")
    for name in formats:
        check_free(EXPORTERS[name], folder / name)
        EXPORTERS[name].check(predictor)
    earlier = read_entries(folder)
    reference = Reference(texts, predictor.logits(*texts.columns))
    report = {
        "texts": {"source": texts.source, "count": len(texts.examples)},
        "keras": {
            **reference.quality(reference.logits),
            **latency_entries(_keras_latency(predictor, texts)),
        },
        "exports": [],
    }
    for name in formats:
        write_export(EXPORTERS[name], predictor, folder / name)
        for entry in _measure(name, folder / name, reference):
            report["exports"].append({"texts": report["texts"], **entry})
    print_report(report, title=str(folder))
    return write_report(folder, report, earlier)


def _keras_latency(predictor: Predictor, texts: ComparisonTexts) -> Latency:
    with tempfile.TemporaryDirectory() as folder:
        predictor.save(folder)
        return measure_latencies(KERAS, Path(folder), texts)[""]


def _measure(name: str, folder: Path, reference: Reference) -> list[dict[str, Any]]:
    latencies = measure_latencies(name, folder, reference.texts)
    entries = [
        {
            "format": name,
            **reference.measure(export, folder, latencies[export.variant]),
        }
        for export in EXPORTERS[name].open(folder)
    ]
    for entry in entries:
        if not entry["is_within_tolerance"]:
            logging.warning(
                "%s %s differs from the Keras model by up to %.2g, and %.2g is what "
                "the format should keep to.",
                name,
                entry["variant"],
                entry["max_logit_difference"],
                entry["tolerance"],
            )
    return entries
