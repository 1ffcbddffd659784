"""The record of a stage."""

import json

from distill_tf.training.progress import Progress


def test_the_best_value_is_strictly_the_largest():
    progress = Progress()
    assert progress.evaluated_at is None
    bests = []
    for step, value in enumerate([-0.5, -0.7, -0.5, 0.0], start=1):
        progress.step = step
        bests.append(progress.record({"pearson": value}, value))
    assert bests == [True, False, False, True]
    assert (progress.best, progress.best_step, progress.evaluated_at) == (0.0, 4, 4)
    assert progress.evaluations_since_best == 0


def test_round_trip_through_json():
    progress = Progress(epoch=2, batch=3, step=11, seconds=1.5)
    progress.record({"f1": 0.5}, 0.5)
    again = Progress(**json.loads(json.dumps(progress.to_dict())))
    assert again == progress
