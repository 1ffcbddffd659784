"""The generated tasks: disjoint, balanced, compositional, the same everywhere."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from sample_evaluator import claim_is_supported
from sample_evaluator import opinions
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from distill_tf.errors import DistillError
from distill_tf.tasks import SampleSizes
from distill_tf.tasks import get_task
from distill_tf.tasks import sample_pair_task
from distill_tf.tasks import sample_task
from distill_tf.tasks.sample_grammar import combinations

NAMES = ("sample", "sample_pair")
SPLITS = ("train", "unlabelled", "teacher_train", "dev")
DIGESTS = {
    "sample": "95253f0417494739702bd9a60a715e5508209d7593e8a523011735528b025d25",
    "sample_pair": "87e4a17f756c71a658ed2387a81134cc5a5b52162b28aa58e3b8f65105cda9a6",
}


@pytest.fixture(scope="module", params=NAMES)
def data(request):
    task = get_task(request.param)
    return {split: task.load(None, split) for split in SPLITS}


def digest(name):
    task = get_task(name)
    content = hashlib.sha256()
    for split in SPLITS:
        examples = task.load(None, split)
        for column in (examples.texts_a, examples.texts_b or ()):
            content.update("\n".join(column).encode())
        if examples.labels is not None:
            content.update(examples.labels.tobytes())
    return content.hexdigest()


def rows(examples):
    return list(
        zip(examples.texts_a, examples.texts_b or examples.texts_a, strict=True)
    )


def test_sizes(data):
    sizes = {split: len(examples) for split, examples in data.items()}
    teacher_train = 8000 if data["dev"].is_pair else 5000
    assert sizes == {
        "train": 300,
        "unlabelled": 5000,
        "teacher_train": teacher_train,
        "dev": 1000,
    }
    assert data["unlabelled"].labels is None


def test_no_sentence_occurs_twice(data):
    texts = [text for examples in data.values() for text in examples.texts_a]
    assert len(set(texts)) == len(texts)


def test_dev_is_built_from_combinations_unseen_elsewhere(data):
    held_out, others = combinations(True), combinations(False)
    assert held_out.isdisjoint(others)
    for split, examples in data.items():
        allowed = held_out if split == "dev" else others
        for text in examples.texts_a:
            for opinion in opinions(text):
                assert opinion.predicate in allowed, text


def test_every_word_of_dev_is_known_from_training(data):
    def words(split):
        return {word for text in data[split].texts_a for word in text.split()}

    assert words("dev") <= words("teacher_train")


@pytest.mark.parametrize("split", ["train", "teacher_train", "dev"])
def test_labels_are_balanced(data, split):
    assert 0.4 <= data[split].labels.mean() <= 0.6
    assert data[split].labels.dtype == np.int32


@pytest.mark.parametrize("split", ["train", "teacher_train", "dev"])
def test_a_rule_evaluator_agrees_with_every_label(data, split):
    examples = data[split]
    if examples.is_pair:
        judged = [claim_is_supported(review, claim) for review, claim in rows(examples)]
    else:
        judged = [opinions(text)[0].polarity > 0 for text in examples.texts_a]
    np.testing.assert_array_equal(judged, examples.labels)


@pytest.mark.parametrize("longest", [1, 2])
def test_counting_words_is_not_enough(data, longest):
    counter = CountVectorizer(token_pattern=r"\S+", ngram_range=(1, longest))

    def texts(split):
        return [" | ".join(dict.fromkeys(row)) for row in rows(data[split])]

    model = LogisticRegression(max_iter=2000)
    model.fit(
        counter.fit_transform(texts("teacher_train")), data["teacher_train"].labels
    )
    assert model.score(counter.transform(texts("dev")), data["dev"].labels) < 0.75


@pytest.mark.parametrize("name", NAMES)
def test_the_generated_text_is_pinned(name):
    assert digest(name) == DIGESTS[name]


def test_another_process_generates_the_same():
    """Even under another order of hashes."""
    code = "from test_tasks_sample import digest; print(digest('sample_pair'))"
    here = os.path.dirname(__file__)
    path = os.pathsep.join([here, os.path.dirname(here)])
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": path}
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    ).stdout
    assert printed.decode().split()[-1] == DIGESTS["sample_pair"]


@pytest.mark.parametrize("make_task", [sample_task, sample_pair_task])
def test_sizes_and_seed_can_be_chosen(make_task):
    sizes = SampleSizes(train=7, unlabelled=5, teacher_train=11, dev=3)
    task = make_task(sizes, seed=4)
    assert [len(task.load(None, split)) for split in SPLITS] == [7, 5, 11, 3]
    other = make_task(sizes, seed=5)
    assert task.load(None, "dev").texts_a != other.load(None, "dev").texts_a


def test_first_rows_only():
    task = get_task("sample")
    first = task.load(None, "train", max_examples=3)
    assert first.texts_a == task.load(None, "train").texts_a[:3]


def test_splits():
    task = get_task("sample")
    assert task.available_dev_splits(None) == ("dev",)
    assert not task.has_split(None, "test")
    with pytest.raises(DistillError, match="no split 'test' .*only train, unlabelled"):
        task.load(None, "test")
