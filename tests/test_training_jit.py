"""Whether a step is compiled."""

import pytest
import tensorflow as tf

from distill_tf.training.jit import policy_of_untrained
from distill_tf.training.jit import resolve_jit_compile


@pytest.mark.parametrize(("choice", "expected"), [("true", True), ("false", False)])
@pytest.mark.parametrize("gpus", [[], ["gpu"]])
def test_a_choice_is_taken(monkeypatch, choice, expected, gpus):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    assert resolve_jit_compile(choice) is expected


@pytest.mark.parametrize(("gpus", "expected"), [([], False), (["gpu"], True)])
def test_auto_compiles_on_a_gpu(monkeypatch, gpus, expected):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    assert resolve_jit_compile("auto") is expected


@pytest.mark.parametrize(
    ("choice", "gpus", "expected"),
    [
        ("true", [], "mixed_bfloat16"),
        ("auto", [], "bfloat16"),
        ("false", [], "bfloat16"),
        ("true", ["gpu"], "bfloat16"),
        ("auto", ["gpu"], "bfloat16"),
    ],
)
def test_what_is_compiled_on_a_processor_has_no_kernels_of_onednn(
    monkeypatch, choice, gpus, expected
):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    assert policy_of_untrained("mixed_bfloat16", choice) == expected
    assert policy_of_untrained("float32", choice) == "float32"
