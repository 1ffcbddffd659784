"""Rows through tensorflow-datasets, with a builder that needs no network."""

import urllib.error
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.tasks import get_task
from distill_tf.tasks import tfds


class FakeBuilder:
    """Has the parts of a builder that are used."""

    def __init__(self, label_names, records):
        names = {} if label_names is None else {"names": label_names}
        self.info = SimpleNamespace(features={"label": SimpleNamespace(**names)})
        self.records = records

    def as_dataset(self, split):
        records = self.records[split]
        columns = {name: [each[name] for each in records] for name in records[0]}
        return tf.data.Dataset.from_tensor_slices(columns)


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
        {
            "validation_mismatched": records,
            "test_matched": test,
            "test_mismatched": records,
        },
    )


def test_mnli_classes_are_renumbered(install):
    opened = install(mnli_builder())
    examples = get_task("mnli").load(None, "dev_mismatched")
    assert opened == ["glue/mnli"]
    assert examples.texts_a == ["p0", "p1", "p2"]
    assert examples.texts_b == ["h0", "h1", "h2"]
    # entailment, neutral, contradiction in our numbers
    np.testing.assert_array_equal(examples.labels, [1, 2, 0])


@pytest.mark.parametrize("split", ["test_matched", "test_mismatched"])
def test_test_sets_have_no_labels(install, split):
    install(mnli_builder())
    examples = get_task("mnli").load(None, split, max_examples=2)
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


@pytest.fixture
def prepared(tmp_path):
    """A builder with its data on disk, in the format that it takes by itself."""
    tensorflow_datasets = pytest.importorskip("tensorflow_datasets")

    base = tensorflow_datasets.core.GeneratorBasedBuilder

    class Sentences(base, skip_registration=True):
        VERSION = tensorflow_datasets.core.Version("1.0.0")

        def _info(self):
            features = tensorflow_datasets.features
            columns = {
                "sentence": features.Text(),
                "label": features.ClassLabel(names=["negative", "positive"]),
            }
            return tensorflow_datasets.core.DatasetInfo(
                builder=self, features=features.FeaturesDict(columns)
            )

        def _split_generators(self, dl_manager):
            return {"train": self._generate_examples()}

        def _generate_examples(self):
            for row in range(300):
                yield row, {"sentence": f"ü {row}", "label": row % 2}

    builder = Sentences(data_dir=tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of its own and of what it imports.
        builder.download_and_prepare()
    return builder


def test_a_data_set_on_disk(prepared, install):
    install(prepared)
    examples = get_task("sst-2").load(None, "train")
    rows = [int(text.removeprefix("ü ")) for text in examples.texts_a]
    assert sorted(rows) == list(range(300))
    assert examples.labels.tolist() == [row % 2 for row in rows]


def test_a_broken_file_on_disk_is_one_sentence(prepared, install):
    install(prepared)
    (path,) = Path(prepared.data_dir).glob("*.tfrecord*")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DistillError, match="sst2 .*DataLossError.* --data_dir"):
        get_task("sst-2").load(None, "train")


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
