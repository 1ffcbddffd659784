"""The files of a stage: round trips, half-written and corrupt ones."""

import shutil

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import make_batches
from tiny_training import make_classifier
from tiny_training import weights_by_path

from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.objectives import LabelObjective
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.progress import Progress
from distill_tf.training.stage_folder import StageFolder

BATCHES = make_batches(np.int32([0, 2, 1, -1, 2]))


def make_distiller(seed, policy="float32"):
    distiller = Distiller(
        make_classifier(STUDENT, seed=seed, dtype=policy),
        [LabelObjective(name="label_loss")],
        BATCHES.first()[0],
        name="distiller",
    )
    optimizer = build_optimizer(
        0.01, "linear", 5, TrainingOptions(warmup_proportion=0.5)
    )
    distiller.compile(optimizer=optimizer, run_eagerly=True)
    distiller.optimizer.build(distiller.trainable_variables)
    return distiller


def everything(distiller):
    """Weights, optimizer, seeds; not the running means of the logs."""
    metrics = {id(variable) for variable in distiller.metrics_variables}
    variables = [v for v in distiller.variables if id(v) not in metrics]
    return [v.numpy() for v in (*variables, *distiller.optimizer.variables)]


def files(path):
    return sorted(p.name for p in path.iterdir())


@pytest.fixture
def folder(tmp_path):
    return StageFolder(tmp_path / "stage")


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_a_state_holds_all_that_training_changes(folder, policy):
    trained = make_distiller(1, policy)
    trained.fit(BATCHES.epoch(0), shuffle=False, verbose=0)
    progress = Progress(epoch=1, batch=2, step=7, best=0.5, seconds=2.5)
    folder.save_state(trained, progress)
    fresh = make_distiller(2, policy)
    before = everything(fresh)
    assert folder.restore_state(fresh) == progress
    restored = everything(fresh)
    for found, expected in zip(restored, everything(trained), strict=True):
        np.testing.assert_array_equal(found, expected)
    # Each of them had to be restored: iterations, moments, weights, seeds.
    changed = [not np.array_equal(a, b) for a, b in zip(before, restored, strict=True)]
    assert np.mean(changed) > 0.9
    assert fresh.optimizer.iterations == 2


def test_only_the_newest_state_is_kept(folder):
    distiller = make_distiller(1)
    for step in (8, 9, 10):
        folder.save_state(distiller, Progress(step=step))
    assert files(folder.path) == ["state-10-0"]
    assert folder.restore_state(distiller).step == 10
    # The same step again, as after an epoch.
    folder.save_state(distiller, Progress(step=10, epoch=1))
    assert files(folder.path) == ["state-10-1"]
    assert folder.restore_state(distiller).epoch == 1


def leave_half_written(folder):
    half = folder.path / ".0123456789ab.state-6-0"
    half.mkdir(parents=True)
    (half / "distiller.weights.h5").write_bytes(b"half")
    (folder.path / ".ba9876543210.best.weights.h5").write_bytes(b"half")


def test_what_a_kill_left_half_written_is_removed(folder):
    distiller = make_distiller(1)
    folder.save_state(distiller, Progress(step=3))
    leave_half_written(folder)
    (folder.path / "state-of-the-art.txt").write_text("a note")
    assert folder.restore_state(distiller).step == 3
    assert files(folder.path) == ["state-3-0", "state-of-the-art.txt"]


@pytest.mark.parametrize("finishing", [True, False])
def test_a_finished_stage_keeps_nothing_of_the_way(folder, finishing):
    """Also when the kill came after the record, before all else was dropped."""
    student = make_classifier(STUDENT)
    if not finishing:
        folder.finish(student, Progress(step=4))
    leave_half_written(folder)
    folder.save_best(student)
    folder.save_state(make_distiller(1), Progress(step=3))
    if finishing:
        folder.finish(student, Progress(step=4))
    else:
        folder.restore_student(student)
    assert files(folder.path) == ["done.json", "student.weights.h5"]


def test_nothing_saved_is_a_fresh_start(folder):
    distiller = make_distiller(1)
    before = everything(distiller)
    assert folder.restore_state(distiller) == Progress()
    assert folder.finished() is None
    for found, expected in zip(everything(distiller), before, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_best_and_final_weights_are_the_students(folder):
    best, last, fresh = (make_classifier(STUDENT, seed=seed) for seed in (1, 2, 3))
    folder.save_best(best)
    folder.restore_best(fresh)
    for found, expected in zip(fresh.get_weights(), best.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    folder.save_state(make_distiller(1), Progress(step=3))
    progress = Progress(step=4, best=0.5, evaluations=[{"step": 4, "f1": 0.5}])
    folder.finish(last, progress)
    assert files(folder.path) == ["done.json", "student.weights.h5"]
    assert folder.finished() == progress
    folder.restore_student(fresh)
    paths = weights_by_path(last)
    for found, expected in zip(fresh.get_weights(), paths.values(), strict=True):
        np.testing.assert_array_equal(found, expected)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [truncate, lambda path: path.unlink()])
@pytest.mark.parametrize("name", ["distiller.weights.h5", "seeds.npy", "progress.json"])
def test_a_corrupt_state_is_one_sentence(folder, name, spoil):
    distiller = make_distiller(1)
    folder.save_state(distiller, Progress(step=3))
    spoil(folder.path / "state-3-0" / name)
    with pytest.raises(
        DistillError, match=rf"{name} .*remove the folder .*state-3-0 to"
    ):
        folder.restore_state(distiller)


@pytest.mark.parametrize("text", ["", "[]", '{"epoch": 1, "day": 2}'])
def test_a_corrupt_record_is_one_sentence(folder, text):
    folder.finish(make_classifier(STUDENT), Progress())
    (folder.path / "done.json").write_text(text, "utf-8")
    with pytest.raises(DistillError, match=r"done.json .*remove the folder .*stage to"):
        folder.finished()


@pytest.mark.parametrize("content", [b"", b"not HDF5", None])
def test_weights_of_something_else(folder, content):
    folder.finish(make_classifier(STUDENT), Progress())
    path = folder.path / "student.weights.h5"
    if content is None:
        shutil.copy(path, path.with_suffix(".old"))
        make_classifier(STUDENT, 5).save_weights(path)
    else:
        path.write_bytes(content)
    with pytest.raises(DistillError, match=r"student.weights.h5 .* cannot be read"):
        folder.restore_student(make_classifier(STUDENT))
