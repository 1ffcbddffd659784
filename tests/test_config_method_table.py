"""The table of methods: options that exist, none forgotten, every method documented."""

import dataclasses
from pathlib import Path

import pytest

from distill_tf.config import DistillConfig
from distill_tf.config.distilbert import DistilBertOptions
from distill_tf.config.factor_transfer import FactorTransferOptions
from distill_tf.config.layer_losses import LayerLossOptions
from distill_tf.config.logit_methods import LogitMethodOptions
from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.config.minilm import MiniLmOptions
from distill_tf.config.pkd import PkdOptions
from distill_tf.config.similarity import SimilarityOptions
from distill_tf.config.theseus import TheseusOptions
from distill_tf.config.virt import VirtOptions
from distill_tf.pipeline.method_options import METHOD_OPTIONS
from distill_tf.pipeline.student_options import STUDENT_OPTIONS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("method", METHOD_TABLE)
def test_options_of_a_method_exist(method):
    options = METHOD_TABLE[method].options
    assert len(set(options)) == len(options)
    assert set(options) <= {field.name for field in dataclasses.fields(DistillConfig)}


@pytest.mark.parametrize(
    "options",
    [
        DistilBertOptions,
        FactorTransferOptions,
        LayerLossOptions,
        LogitMethodOptions,
        MiniLmOptions,
        PkdOptions,
        SimilarityOptions,
        TheseusOptions,
        VirtOptions,
    ],
    ids=lambda options: options.__name__,
)
def test_no_option_of_a_method_is_passed_over_by_others(options):
    readers = (*METHOD_OPTIONS, *STUDENT_OPTIONS)
    read_by_some = {option for each in readers for option in each.options}
    assert {field.name for field in dataclasses.fields(options)} <= read_by_some


@pytest.mark.parametrize("method", METHOD_TABLE)
def test_the_readme_has_every_method(method):
    table = (ROOT / "README.md").read_text("utf-8").split("\n## Methods\n")[1]
    assert f"`{method}`" in table.split("\n## ")[0]
