"""Rows through tensorflow-datasets, with a builder that needs no network."""

import urllib.error
from types import SimpleNamespace

import numpy as np
import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks import get_task
from distill_tf.tasks import tfds


class FakeBuilder:
    """Has the parts of a builder that are used."""

    def __init__(self, label_names, records):
        names = {} if label_names is None else {"names": label_names}
        self.info = SimpleNamespace(features={"label": SimpleNamespace(**names)})
        self.records = records

    def as_data_source(self, split):
        return self.records[split]


@pytest.fixture
def install(monkeypatch):
    """Make the given builder the one that every name opens."""

    def install(builder):
        opened = []
        monkeypatch.setattr(
            tfds, "open_builder", lambda name: opened.append(name) or builder
        )
        return opened

    return install


def mnli_builder():
    records = [
        {"premise": f"p{i}".encode(), "hypothesis": f"h{i}".encode(), "label": i}
        for i in (0, 1, 2)
    ]
    test = [dict(record, label=-1) for record in records]
    return FakeBuilder(
        ["entailment", "neutral", "contradiction"],
        {"validation_mismatched": records, "test_matched": test},
    )


def test_mnli_classes_are_renumbered(install):
    opened = install(mnli_builder())
    examples = get_task("mnli").load(None, "dev_mismatched")
    assert opened == ["glue/mnli"]
    assert examples.texts_a == ["p0", "p1", "p2"]
    assert examples.texts_b == ["h0", "h1", "h2"]
    # entailment, neutral, contradiction in our numbers
    np.testing.assert_array_equal(examples.labels, [1, 2, 0])


def test_test_sets_have_no_labels(install):
    install(mnli_builder())
    examples = get_task("mnli").load(None, "test_matched", max_examples=2)
    assert (len(examples), examples.labels) == (2, None)


def test_scores(install):
    records = [{"sentence1": b"a", "sentence2": b"b", "label": np.float32(3.8)}]
    install(FakeBuilder(None, {"train": records}))
    labels = get_task("sts-b").load(None, "train").labels
    np.testing.assert_array_equal(labels, np.array([3.8], np.float32))


def test_imdb_markup_and_dev_set(install):
    records = [{"text": "so<br />gut ü".encode(), "label": 1}]
    install(FakeBuilder(["neg", "pos"], {"test": records}))
    examples = get_task("imdb").load(None, "dev")
    assert examples.texts_a == ["so gut ü"]
    np.testing.assert_array_equal(examples.labels, [1])


@pytest.mark.parametrize(
    "name", "cola sst-2 mrpc qqp sts-b mnli qnli rte wnli boolq imdb".split()
)
def test_descriptions_agree_with_the_installed_catalogue(name):
    tensorflow_datasets = pytest.importorskip("tensorflow_datasets")
    task = get_task(name)
    features = tensorflow_datasets.builder(task.provider.builder_name).info.features
    assert set(task.provider.texts) <= set(features)
    label_names = getattr(features["label"], "names", [])
    assert set(task.provider.labels) == set(label_names)
    assert set(task.provider.labels.values()) == set(task.labels)
    assert set(task.dev_splits) <= set(task.provider.splits)


@pytest.mark.parametrize("name", ["mnli", "boolq", "imdb"])
def test_failure_names_the_flag_and_the_files(name, monkeypatch):
    def fail(name):
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr(tfds, "open_builder", fail)
    task = get_task(name)
    with pytest.raises(DistillError) as caught:
        task.load(None, "train")
    message = str(caught.value)
    assert "ConnectionError: no route to host" in message
    assert "give --data_dir, a folder with train" in message
    assert "\n" not in message


def test_no_network_is_noticed_before_the_download(monkeypatch):
    class Builder:
        def is_prepared(self):
            return False

        def download_and_prepare(self):
            pytest.fail("tried to download")

    def unreachable(request, timeout):
        raise urllib.error.URLError("unreachable")

    tensorflow_datasets = pytest.importorskip("tensorflow_datasets")
    monkeypatch.setattr(tensorflow_datasets, "builder", lambda name: Builder())
    monkeypatch.setattr(tfds.urllib.request, "urlopen", unreachable)
    with pytest.raises(DistillError, match="sst2 .*unreachable.* --data_dir"):
        get_task("sst-2").load(None, "train")


def test_split_it_does_not_have():
    with pytest.raises(DistillError, match="no split 'train_aug' without --data_dir"):
        get_task("sst-2").load(None, "train_aug")
