"""The package as a whole: metadata, public names, imports without effects."""

import ast
import dataclasses
import importlib
import importlib.metadata
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import distill_tf

ROOT = Path(distill_tf.__file__).parents[1]
# What importing may not touch: files, flags, log handlers, random states.
IMPORT_EVERYTHING = """
import json, logging, os, pkgutil, random, sys
import numpy
import tensorflow_text, keras_hub, sklearn.metrics, scipy.stats, rich
from absl import flags
def state():
    return [
        repr(random.getstate()),
        repr(numpy.random.get_state()),
        repr(logging.getLogger().handlers),
        sorted(flags.FLAGS),
    ]
before = state()
import distill_tf
for module in pkgutil.walk_packages(distill_tf.__path__, "distill_tf."):
    __import__(module.name)
changed = [new for old, new in zip(before, state()) if old != new]
print(json.dumps([changed, os.listdir()]))
"""


def setup_arguments() -> dict:
    """The arguments of setup() that are literals."""
    tree = ast.parse((ROOT / "setup.py").read_text("utf-8"))
    (call,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setup"
    )
    return {
        each.arg: ast.literal_eval(each.value)
        for each in call.keywords
        if isinstance(each.value, ast.Constant | ast.List | ast.Dict)
    }


def test_the_installed_version_is_that_of_setup():
    arguments = setup_arguments()
    metadata = importlib.metadata.metadata("distill_tf")
    assert metadata["Version"] == arguments["version"]
    assert metadata["Requires-Python"] == arguments["python_requires"]


def test_public_names():
    assert (
        sorted(distill_tf.__all__)
        == distill_tf.__all__
        == [
            *("DistillConfig", "DistillError", "FineTuneConfig", "Predictor"),
            *("distill", "fine_tune", "load"),
        ]
    )
    for name in distill_tf.__all__:
        assert getattr(distill_tf, name).__doc__


def test_every_module_says_what_it_is():
    for module in pkgutil.walk_packages(distill_tf.__path__, "distill_tf."):
        docstring = importlib.import_module(module.name).__doc__
        assert docstring and docstring.splitlines()[0].endswith((".", ":", "?")), (
            module.name
        )


def test_importing_has_no_effects(tmp_path):
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    # Keras itself writes its settings at home.
    process = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING],
        cwd=here,
        env={"PYTHONPATH": str(ROOT), "HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(process.stdout) == [[], []]


@pytest.mark.parametrize(
    "config", [distill_tf.DistillConfig, distill_tf.FineTuneConfig]
)
def test_every_setting_has_help_and_a_default(config):
    for field in dataclasses.fields(config):
        sentence = field.metadata["help"]
        assert sentence[0].isupper() or sentence.startswith(("bert_", "vocab")), field
        assert sentence.endswith("."), field.name
        assert field.default is not dataclasses.MISSING
    config()
