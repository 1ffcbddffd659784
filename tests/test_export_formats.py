"""The formats by name."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.export import EXPORTERS
from distill_tf.export import FORMATS
from distill_tf.export import parse_formats


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_an_exporter(name):
    exporter = EXPORTERS[name]
    assert exporter.name == name
    for method in (exporter.check, exporter.export, exporter.open):
        assert callable(method)


def test_the_mapping_has_the_formats_and_no_others():
    assert tuple(EXPORTERS) == FORMATS
    assert len(EXPORTERS) == len(FORMATS)
    assert "exporter" not in EXPORTERS


def test_formats_are_separated_by_commas():
    assert parse_formats(" onnx, savedmodel ,onnx,") == ("onnx", "savedmodel")


@pytest.mark.parametrize("names", ["", " ,", "savedmodel,torch", "exporter"])
def test_an_unknown_format_is_refused(names):
    with pytest.raises(DistillError, match="must be some of savedmodel, pytorch, "):
        parse_formats(names)
