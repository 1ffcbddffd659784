"""What the documents say is what the code does and the kept results hold."""

import json
import re
import shlex
from pathlib import Path

import pytest
from absl import flags

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.config.flops import FlopsConfig

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONFIGS = {
    "run_classifier.py": FineTuneConfig,
    "run_distill.py": DistillConfig,
    "-m distill_tf.augmentation": AugmentConfig,
    "-m distill_tf.evaluation.flops": FlopsConfig,
}
# [name](results/RUN/results_eval.json#part) | accuracy | parameters | MB | GFLOPs | ms
RESULT = re.compile(
    r"^\| \[[^\]]+\]\((?P<file>results/[^)#]+)(?:#(?P<part>\w+))?\)"
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
    known |= {"help", "flagfile", "data_dir", "output", "rounds", "steps"}
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


def test_the_fine_tuning_speeds_are_those_of_the_benchmark():
    page = (ROOT / "docs/results.md").read_text("utf-8")
    kept = json.loads((ROOT / "docs/benchmarks/fine_tuning.json").read_text("utf-8"))
    for name in ("distill_tf", "PyTorch"):
        row = " | ".join(
            "{:.0f} ({:.0f} to {:.0f})".format(
                *(
                    kept[f"{name} {dtype}"][f"examples_per_second_{s}"]
                    for s in ("median", "min", "max")
                )
            )
            for dtype in ("bfloat16", "float32")
        )
        assert f"| {name} | {row} |" in page
    ratio = kept["ratio_to_pytorch_bfloat16_median"]
    assert f"is {ratio:.2f} times as fast as PyTorch in bfloat16 (median)" in page
