"""Who trains the sample tasks' teacher, and who does not."""

import threading

import pytest
from tiny_runs import distill_config

from distill_tf.errors import DistillError
from distill_tf.pipeline import sample_teacher as module
from distill_tf.pipeline import task_data
from distill_tf.pipeline.folder_lock import FolderLock
from distill_tf.pipeline.sample_teacher import sample_teacher
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.tasks.sample import SampleSizes
from distill_tf.tasks.sample import sample_task

SECONDS = 300


@pytest.fixture
def trainings(monkeypatch):
    """The trainings of a teacher, which leave an empty file as its model."""
    task = sample_task(SampleSizes(train=6, unlabelled=8, teacher_train=40, dev=12))
    monkeypatch.setattr(task_data, "build_task", lambda options: task)
    trained = []

    def train(config, start, train, folder, data):
        folder.create()
        (folder.path / "model.keras").touch()
        trained.append(folder.path)

    monkeypatch.setattr(module, "train_classifier", train)
    return trained


def settings(tmp_path):
    config = distill_config(task_name="sample", output_dir=str(tmp_path / "run"))
    return config, TaskData.load(config)


def test_it_is_trained_once(tmp_path, trainings):
    for _ in range(2):
        found = sample_teacher(*settings(tmp_path))
        assert found == str(tmp_path / "sample_teacher")
    assert trainings == [tmp_path / "sample_teacher"]
    names = {path.name for path in trainings[0].iterdir()}
    assert names == {"run_config.json", "model.keras"}


def test_who_only_evaluates_does_not_train_it(tmp_path, trainings):
    with pytest.raises(DistillError, match="sample_teacher, but is not; train a stud"):
        load_teacher(*settings(tmp_path), may_train=False)
    assert not trainings and not list(tmp_path.iterdir())


def test_a_second_process_waits_and_takes_what_the_first_one_trained(
    tmp_path, trainings
):
    folder = tmp_path / "sample_teacher"
    first = FolderLock(folder)
    first.acquire()
    config, data = settings(tmp_path)
    found = []
    second = threading.Thread(target=lambda: found.append(sample_teacher(config, data)))
    second.start()
    second.join(1)
    assert second.is_alive()
    (folder / "model.keras").touch()
    first.release()
    second.join(SECONDS)
    assert found == [str(folder)] and not trainings
