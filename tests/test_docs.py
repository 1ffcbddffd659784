"""What the documents say is what the code does and the kept results hold."""

import json
import re
import shlex
import statistics
from pathlib import Path

import pytest
from absl import flags
from tables import PLACE
from tables import with_tables
from workloads import WORKLOADS

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.config.flops import FlopsConfig
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.teacher_logits.config import WriteLogitsConfig

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONFIGS = {
    "run_classifier.py": FineTuneConfig,
    "run_distill.py": DistillConfig,
    "-m distill_tf.augmentation": AugmentConfig,
    "-m distill_tf.general_distillation": GeneralConfig,
    "-m distill_tf.teacher_logits": WriteLogitsConfig,
    "-m distill_tf.evaluation.flops": FlopsConfig,
}
# [name](results/RUN/results_eval.json#part) | accuracy | parameters | MB | GFLOPs | ms
RESULT = re.compile(
    r"^\| \[[^\]]+\]\((?P<file>results/[^)#]+/results_eval\.json)(?:#(?P<part>\w+))?\)"
    r" \| (?P<cells>.+) \|$",
    re.MULTILINE,
)


def parse_flags(config_class, arguments):
    values = flags.FlagValues()
    define_flags(config_class, values)
    flags.DEFINE_string("flagfile", "", "", flag_values=values)
    values(["program", *arguments])
    return config_from_flags(config_class, flag_values=values)


def commands(text):
    """The commands of a document: (script, arguments)."""
    joined = text.replace("\\\n", " ")
    for script in CONFIGS:
        for match in re.finditer(rf"python {re.escape(script)}([^`\n#&]*)", joined):
            yield script, shlex.split(match[1])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_can_be_given(document):
    for script, arguments in commands(document.read_text("utf-8")):
        arguments = [a.replace("--flagfile=", f"--flagfile={ROOT}/") for a in arguments]
        if not any("..." in a or a == "--help" for a in arguments):
            parse_flags(CONFIGS[script], arguments)


def test_the_readme_shows_commands():
    assert len(list(commands((ROOT / "README.md").read_text("utf-8")))) >= 4


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#:]+)(?:#\w+)?\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_flags_named_in_a_document_exist(document):
    fields = [f for c in CONFIGS.values() for f in c.__dataclass_fields__.values()]
    known = {name for f in fields for name in (f.name, *f.metadata["aliases"])}
    known |= {"help", "flagfile", "data_dir", "only", "smoke", "rounds", "seconds"}
    known |= {"output", "steps", "num_texts", "to", "run_dir", "leave_out"}
    for name in re.findall(r"`--(\w+)", document.read_text("utf-8")):
        assert name in known, name


@pytest.mark.parametrize("file", sorted((ROOT / "flags").rglob("*.flags")), ids=str)
def test_every_recipe_is_a_valid_configuration(file):
    config_class = FineTuneConfig if file.stem.endswith("teacher") else DistillConfig
    config = parse_flags(config_class, [f"--flagfile={file}"])
    assert config != config_class()


def test_result_tables_match_the_kept_results():
    rows = list(RESULT.finditer((ROOT / "docs/results.md").read_text("utf-8")))
    assert rows
    for row in rows:
        path = ROOT / "docs" / row["file"]
        result = json.loads(path.read_text("utf-8"))
        assert (path.parent / "command.sh").exists()
        result = result[row["part"]] if row["part"] else result
        cells = [cell.strip() for cell in row["cells"].split("|")]
        assert cells[:5] == [
            f"{result['accuracy']:.4f}",
            f"{result['parameters']:,}",
            f"{result['size_bytes'] / 1e6:.1f}",
            f"{result['flops_per_example'] / 1e9:.2f}",
            f"{result['latency_ms_p50']:.1f}",
        ]


# [accuracy](results/RUN/results_eval.json), or [mean ± deviation](results/RUN) of the
# seeds; #metric if it is not the accuracy
QUALITY = re.compile(
    r"\[(?P<mean>0\.\d+)(?: ± (?P<deviation>0\.\d+))?\]"
    r"\((?P<place>results/[^)#]+)(?:#(?P<metric>\w+))?\)"
)


def test_figures_in_tables_match_the_kept_results():
    for cell in QUALITY.finditer((ROOT / "docs/results.md").read_text("utf-8")):
        place = ROOT / "docs" / cell["place"]
        files = sorted(place.glob("seed_*/results_eval.json")) or [place]
        values = [
            json.loads(file.read_text("utf-8"))[cell["metric"] or "accuracy"]
            for file in files
        ]
        assert cell["mean"] == f"{statistics.mean(values):.4f}", cell[0]
        if cell["deviation"]:
            assert len(values) >= 3
            assert cell["deviation"] == f"{statistics.stdev(values):.4f}", cell[0]
            assert (place / "command.sh").exists()
        else:
            assert len(values) == 1
            assert (place.parent / "command.sh").exists()


# name | layers x width | millions (times smaller) | ms (times as fast) | [accuracy](..
BESIDE_ITS_TEACHER = re.compile(
    r"^\| [^|]+ \| \d+ x \d+ \| (?P<parameters>[^|]+) \| (?P<latency>[^|]+)"
    r" \| \[[^\]]+\]\((?P<file>[^)]+)\)",
    re.MULTILINE,
)


def test_sizes_beside_the_teacher_match_the_kept_results():
    rows = list(
        BESIDE_ITS_TEACHER.finditer((ROOT / "docs/results.md").read_text("utf-8"))
    )
    results = [json.loads((ROOT / "docs" / row["file"]).read_text()) for row in rows]
    teacher, *_ = results
    for row, result in zip(rows, results, strict=True):
        smaller = teacher["parameters"] / result["parameters"]
        faster = teacher["latency_ms_p50"] / result["latency_ms_p50"]
        assert row["parameters"] == f"{result['parameters'] / 1e6:.1f} ({smaller:.1f})"
        assert row["latency"] == f"{result['latency_ms_p50']:.1f} ({faster:.1f})"


# [name](results/PLACE/FILE.json#model) ... | GFLOPs | with kept documents | ms | ms
COSTS = re.compile(
    r"^\| \[[^\]]+\]\((?P<file>results/[^)#]+)#(?P<model>\w+)\) (?:\|.*?)?"
    r"\| (?P<flops>[\d.]+) \| (?P<kept_flops>[\d.–]+)"
    r" \| (?P<ms>[\d.]+) \| (?P<kept_ms>[\d.–]+) \|$",
    re.MULTILINE,
)


def test_costs_of_pairs_match_the_kept_measurements():
    for row in COSTS.finditer((ROOT / "docs/results.md").read_text("utf-8")):
        kept = json.loads((ROOT / "docs" / row["file"]).read_text("utf-8"))
        by_documents = {
            entry["documents"]: entry
            for entry in kept["models"]
            if entry["model"] == row["model"]
        }
        for prefix, documents in (("", "read"), ("kept_", "cached")):
            entry = by_documents.get(documents)
            flops, ms = row[f"{prefix}flops"], row[f"{prefix}ms"]
            if entry is None:
                assert (flops, ms) == ("–", "–")
                continue
            assert flops == f"{entry['flops_by_formula'] / 1e9:.2f}", row[0]
            assert ms == f"{entry['latency_ms_p50']:.1f}", row[0]
            ratio = entry["flops_by_profiler"] / entry["flops_by_formula"]
            assert abs(ratio - 1) <= 0.02


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_benchmark_tables_are_those_of_the_kept_results(document):
    text = document.read_text("utf-8")
    assert with_tables(text, ROOT / "docs/benchmarks") == text


def test_the_performance_page_has_a_place_for_every_workload():
    page = (ROOT / "docs/performance.md").read_text("utf-8")
    places = {match["name"] for match in PLACE.finditer(page)}
    assert {place.split("/")[1] for place in places} == {*WORKLOADS, "profile"}
    kept = ROOT / "docs/benchmarks"
    assert set(kept.glob("*/*.json")) <= {kept / f"{place}.json" for place in places}


@pytest.mark.parametrize(
    ("file", "ways"),
    [
        (
            "precision_quality.json",
            {"float32": "in float32", "mixed_bfloat16": "in bfloat16"},
        ),
        (
            "lazy_parts_quality.json",
            {"float32": "by the defaults", "lazy_parts": "this way"},
        ),
    ],
)
def test_qualities_over_seeds_are_those_of_the_kept_comparisons(file, ways):
    page = " ".join((ROOT / "docs/performance.md").read_text("utf-8").split())
    kept = json.loads((ROOT / "docs/benchmarks" / file).read_text("utf-8"))
    for way, words in ways.items():
        mean, deviation = kept[way]["mean"], kept[way]["standard_deviation"]
        assert f"{mean:.4f} ± {deviation:.4f} {words}" in page, way
    assert kept["within_seed_spread"]


# | [name](results/RUN/export_report.json) Keras | | accuracy | |
EXPORTED = re.compile(r"^\| \[([^\]]+)\]\((results/[^)]+)\) Keras ", re.MULTILINE)


def test_sizes_and_quality_of_exports_are_those_of_the_kept_reports():
    page = (ROOT / "docs/exports.md").read_text("utf-8")
    found = EXPORTED.findall(page)
    assert found
    for student, path in found:
        report = json.loads((ROOT / "docs" / path).read_text("utf-8"))
        accuracy = {"Keras": report["keras"]["accuracy"]}
        assert f"Keras | | {100 * accuracy['Keras']:.2f} | |" in page
        for entry in report["exports"]:
            name = f"{entry['format']} {entry['variant']}".strip()
            accuracy[name] = entry["accuracy"]
            row = (
                f"| {student} {name} | {entry['size_bytes'] / 1e6:.1f} "
                f"| {100 * entry['accuracy']:.2f} "
                f"| {entry['max_logit_difference']:.0e} |"
            )
            assert row in page, row
            assert entry["is_within_tolerance"], name
        assert abs(accuracy["litert int8"] - accuracy["litert float32"]) <= 0.01


def test_the_serving_latencies_are_those_of_the_benchmark():
    page = (ROOT / "docs/exports.md").read_text("utf-8")
    kept = json.loads((ROOT / "docs/benchmarks/serving.json").read_text("utf-8"))
    times = kept["times_faster_than_the_pipeline"]
    for name, latency in kept["latency_ms"].items():
        row = f"| {name} | {latency['p50']:.2f} | {latency['p90']:.2f} "
        assert f"{row}| {times[name]:.1f} |" in page, name
    assert times[kept["fastest"]] >= 3
