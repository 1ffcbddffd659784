"""Ratings of a teacher that other runs need not repeat."""

import pytest
from tiny_runs import distill_config
from tiny_runs import write_sst2
from tiny_runs import write_teacher

from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teacher_ratings import rate_once
from distill_tf.pipeline.teachers import LiveTeacher


@pytest.fixture
def rated(tmp_path, monkeypatch):
    """A function that rates a teacher, and how often one was asked."""
    data_dir = write_sst2(tmp_path / "data")
    checkpoint = write_teacher(tmp_path / "teacher")
    asked, rate = [], LiveTeacher.rate

    def count(self, data, batch_size):
        asked.append(batch_size)
        return rate(self, data, batch_size)

    monkeypatch.setattr(LiveTeacher, "rate", count)

    def rate_again(cache=True, **settings):
        config = distill_config(
            data_dir=data_dir, init_checkpoint_teacher=checkpoint, **settings
        )
        data = TaskData.load(config)
        folder = tmp_path / "cache" if cache else None
        return rate_once(load_teacher(config, data), data, 4, folder)["teacher"]

    return rate_again, asked


def test_once_for_the_same_data(rated):
    rate, asked = rated
    assert rate() == rate()
    assert len(asked) == 1
    rate(cache=False)
    assert len(asked) == 2


def test_costs_are_those_of_the_longest_text(rated):
    """The texts have four words at most, so that they are read alike."""
    rate, asked = rated
    long, short = rate(max_seq_length=15), rate(max_seq_length=9)
    assert len(asked) == 2
    assert long["accuracy"] == short["accuracy"]
    assert long["flops_per_example"] > short["flops_per_example"]
    assert (long["latency_tokens"], short["latency_tokens"]) == (15, 9)
