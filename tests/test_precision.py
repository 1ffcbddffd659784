"""The precision a machine computes fastest in."""

import pytest
import tensorflow as tf

from distill_tf import precision
from distill_tf.precision import resolve_precision
from distill_tf.precision import without_training

CPUINFO = "processor : 0\nflags : fpu sse2 {}\n\nprocessor : 1\nflags : fpu\n"


@pytest.mark.parametrize("name", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_a_named_precision_is_taken(name):
    assert resolve_precision(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("float32", "float32"),
        ("mixed_bfloat16", "bfloat16"),
        ("mixed_float16", "float16"),
    ],
)
def test_weights_that_stay_are_kept_as_they_are_computed_with(name, expected):
    assert without_training(name) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("avx512_bf16", "mixed_bfloat16"),
        ("amx_bf16 amx_tile", "mixed_bfloat16"),
        ("avx512f avx512_bf16x", "float32"),
        ("", "float32"),
        (None, "float32"),
    ],
)
def test_auto_on_a_processor(monkeypatch, flags, expected):
    def read_text(path, encoding):
        assert str(path) == "/proc/cpuinfo"
        if flags is None:
            raise FileNotFoundError(path)
        return CPUINFO.format(flags)

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(precision.Path, "read_text", read_text)
    assert resolve_precision("auto") == expected


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"compute_capability": (8, 0)}, "mixed_bfloat16"),
        ({"compute_capability": (9, 0)}, "mixed_bfloat16"),
        ({"compute_capability": (7, 5)}, "float32"),
        ({}, "float32"),
    ],
)
def test_auto_on_a_gpu(monkeypatch, details, expected):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu"])
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: details
    )
    assert resolve_precision("auto") == expected
