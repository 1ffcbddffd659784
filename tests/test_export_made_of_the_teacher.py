"""Students of the teacher's own layers, from a configuration to other formats."""

import numpy as np
import pytest
from export_students import written
from tiny_runs import OF_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.export.formats import EXPORTERS
from distill_tf.models.classifier import BertClassifier

STUDENTS = {
    "theseus": {"model_type": "theseus", "method": "theseus"},
    "bert_pkd": {
        "model_type": "bert_pkd",
        "method": "pkd_oneflow",
        "student_num_hidden_layers": 1,
    },
}
# With what opens a folder again.
FORMATS = {"pytorch": "transformers", "google": "tensorflow", "keras_hub": "keras_hub"}
TEXTS = ["a b", "efg c d", "", "ba a ba a ba a ba a"]


@pytest.fixture(scope="module", params=STUDENTS)
def student(request, tmp_path_factory):
    """What a finished run has left."""
    folder = tmp_path_factory.mktemp(request.param)
    config = distill_config(
        **{**OF_THE_TEACHER, **STUDENTS[request.param]},
        data_dir=write_sst2(folder / "sst2"),
        init_checkpoint_teacher=write_teacher(folder / "teacher"),
        output_dir=str(folder / "run"),
        do_eval=False,
    )
    distill_tf.distill(config)
    return distill_tf.load(folder / "run")


@pytest.mark.parametrize("name", FORMATS)
def test_the_export_computes_the_same(student, name, tmp_path):
    pytest.importorskip(FORMATS[name])
    assert type(student.model) is BertClassifier
    assert student.model.config.num_hidden_layers == 1
    folder = written(EXPORTERS[name], student, tmp_path / name)
    (export,) = EXPORTERS[name].open(folder)
    expected = student.logits(TEXTS)
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_allclose(
        export.logits(TEXTS), expected, rtol=0, atol=export.tolerance
    )
