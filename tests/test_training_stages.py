"""Running a stage: in one go and in pieces, best weights, early stopping."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_training import make_batches
from tiny_training import make_classifier

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.losses import hidden_state_mse
from distill_tf.losses import patience_mse
from distill_tf.methods import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LayerObjective
from distill_tf.training.stage_folder import StageFolder
from distill_tf.training.stages import build_distiller
from distill_tf.training.stages import run_stage

# One layer, since every run is traced anew; dropout is on.
STUDENT = replace(
    CONFIG, hidden_size=6, num_hidden_layers=1, intermediate_size=5, vocab_size=23
)
TEACHER = replace(STUDENT, hidden_size=9)
LABELS = np.int32([0, 1, 2, 1, 0, 2, 2, 1, 0, 1, 0, 2])
BATCHES_AN_EPOCH = 4
OPTIONS = DistillConfig(
    save_checkpoints_steps=3, tensorboard=False, early_stopping_patience=0
)
LABEL_STAGE = Stage(
    name="prediction",
    objectives=(LabelObjective(name="label_loss"),),
    epochs=2,
    learning_rate=0.02,
)
LAYER_STAGE = Stage(
    name="intermediate",
    objectives=(
        LayerObjective(
            name="hidden_loss",
            loss=hidden_state_mse,
            feature="hidden_states",
            layer_map=((0, 0), (1, 1)),
            projection="shared",
        ),
    ),
    epochs=1,
    learning_rate=0.02,
    schedule="constant",
    selects_best=False,
)


def make_stage_batches():
    return make_batches(LABELS, batch_size=3, vocab_size=STUDENT.vocab_size)


def make_teacher():
    return make_classifier(TEACHER, seed=2)


def make_student():
    """Made after the teacher, as in a run: new projections draw numbers next."""
    return make_classifier(STUDENT, seed=1)


class Scripted:
    """An evaluation that gives one score after the other; None kills the run."""

    def __init__(self, *scores, student=None):
        self._scores = iter(scores)
        self._student = student
        self.weights = []

    def __call__(self):
        score = next(self._scores)
        if score is None:
            raise KeyboardInterrupt
        if self._student is not None:
            self.weights.append(self._student.get_weights())
        return {"accuracy": score, "f1": 0.0}


def never():
    raise AssertionError("evaluated, though no weights are selected")


def run(stage, student, folder, evaluate, options=OPTIONS, teacher=None):
    return run_stage(
        stage, student, make_stage_batches(), evaluate, folder, options, teacher
    )


def assert_same_weights(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def both_stages(tmp_path_factory):
    """The weights after two stages in one go."""
    folder, teacher = tmp_path_factory.mktemp("whole"), make_teacher()
    student = make_student()
    run(LAYER_STAGE, student, folder / "a", never, teacher=teacher)
    intermediate = student.get_weights()
    run(LABEL_STAGE, student, folder / "b", Scripted(0.1, 0.2))
    return intermediate, student.get_weights()


def test_training_goes_on_as_if_nothing_had_happened(tmp_path, both_stages):
    intermediate, expected = both_stages
    teacher = make_teacher()
    options = OPTIONS.replace(eval_steps=2)

    def start(*scores):
        """The whole command again, with new models, until its evaluation is killed."""
        student = make_student()
        run(LAYER_STAGE, student, tmp_path / "a", never, teacher=teacher)
        assert_same_weights(student.get_weights(), intermediate)
        evaluate = Scripted(*scores)
        progress = run(LABEL_STAGE, student, tmp_path / "b", evaluate, options)
        return student, progress

    # Before a state of the second stage was saved; at step 6, when the newest state is
    # that of step 4, the end of an epoch; at step 8, after step 6 was saved.
    for scores, states in (
        ([None], []),
        ([0.1, 0.2, None], ["state-4-1"]),
        ([0.3, None], ["state-6-1"]),
    ):
        with pytest.raises(KeyboardInterrupt):
            start(*scores)
        assert [p.name for p in (tmp_path / "b").glob("state-*")] == states
    student, progress = start(0.4)
    assert [e["accuracy"] for e in progress.evaluations] == [0.1, 0.2, 0.3, 0.4]
    assert [e["step"] for e in progress.evaluations] == [2, 4, 6, 8]
    assert (progress.epoch, progress.batch, progress.step) == (2, 0, 8)
    assert_same_weights(student.get_weights(), expected)


def test_the_best_weights_are_kept_and_read_back(tmp_path):
    student = make_student()
    evaluate = Scripted(0.2, 0.5, 0.4, 0.5, student=student)
    options = OPTIONS.replace(eval_steps=2)
    progress = run(LABEL_STAGE, student, tmp_path, evaluate, options)
    assert (progress.best, progress.best_step) == (0.5, 4)
    assert len(evaluate.weights) == 4
    assert_same_weights(student.get_weights(), evaluate.weights[1])
    with pytest.raises(AssertionError):
        assert_same_weights(evaluate.weights[3], evaluate.weights[1])
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "done.json",
        "student.weights.h5",
    ]

    # Finished: neither trained nor evaluated again.
    again = make_classifier(STUDENT, seed=9)
    assert run(LABEL_STAGE, again, tmp_path, never, options) == progress
    assert_same_weights(again.get_weights(), evaluate.weights[1])


def test_early_stopping_stops(tmp_path):
    student = make_student()
    evaluate = Scripted(0.5, 0.4, 0.3, student=student)
    options = OPTIONS.replace(eval_steps=1, early_stopping_patience=2)
    progress = run(LABEL_STAGE, student, tmp_path, evaluate, options)
    assert progress.stopped_early
    assert (progress.step, progress.best_step) == (3, 1)
    assert StageFolder(tmp_path).finished() == progress
    assert_same_weights(student.get_weights(), evaluate.weights[0])


def test_a_fraction_of_an_epoch(tmp_path):
    """One and a half epochs, killed in the evaluation that ends them."""
    stage = replace(LABEL_STAGE, epochs=1.5)
    options = OPTIONS.replace(save_checkpoints_steps=2)
    with pytest.raises(KeyboardInterrupt):
        run(stage, make_student(), tmp_path, Scripted(0.1, None), options)
    student = make_student()
    evaluate = Scripted(0.2, student=student)
    progress = run(stage, student, tmp_path, evaluate, options)
    assert [e["step"] for e in progress.evaluations] == [BATCHES_AN_EPOCH, 6]
    assert progress.best_step == progress.step == 6
    assert_same_weights(student.get_weights(), evaluate.weights[0])


def test_no_epochs_leave_the_student_as_it_is(tmp_path):
    student = make_student()
    before = student.get_weights()
    progress = run(replace(LABEL_STAGE, epochs=0), student, tmp_path, never)
    assert (progress.step, progress.best) == (0, None)
    assert_same_weights(student.get_weights(), before)
    assert StageFolder(tmp_path).finished() == progress


def test_tensorboard_has_every_objective(tmp_path):
    options = OPTIONS.replace(tensorboard=True)
    run(
        replace(LABEL_STAGE, epochs=0.25),
        make_student(),
        tmp_path,
        Scripted(1),
        options,
    )
    (log,) = (tmp_path / "logs").iterdir()
    for name in (b"label_loss", b"dev_accuracy", b"dev_f1"):
        assert name in log.read_bytes()


def test_parts_of_a_batch_teach_what_the_whole_does(tmp_path):
    """Of batches of three and, at the end of an epoch, of one."""
    still = replace(STUDENT, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    batches = make_batches(LABELS[:10], batch_size=3, vocab_size=STUDENT.vocab_size)
    students = []
    for parts in (1, 2):
        teacher = make_teacher()
        students.append(make_classifier(still, seed=1))
        run_stage(
            LAYER_STAGE,
            students[-1],
            batches,
            never,
            tmp_path / str(parts),
            OPTIONS.replace(batch_parts=parts),
            teacher,
        )
    start = make_classifier(still, seed=1).get_weights()
    whole, in_parts = (student.get_weights() for student in students)
    assert_same_weights(in_parts, whole)
    assert max(np.abs(a - b).max() for a, b in zip(whole, start, strict=True)) > 0.01


@pytest.mark.parametrize(
    "changes",
    [
        {"gradient_accumulation_steps": 3, "precision": "float32"},
        pytest.param(
            {"gradient_accumulation_steps": 3, "embedding_optimizer": "lazy"},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"gradient_accumulation_steps": 2, "optimizer": "adadelta"},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["adamw", "lazy", "adadelta"],
)
def test_accumulation_goes_on_between_two_updates(tmp_path, changes):
    """Killed at step 6, when the newest state is that of step 5."""
    options = OPTIONS.replace(save_checkpoints_steps=5, eval_steps=2, **changes)
    whole, pieces = make_student(), make_student()
    progress = run(LABEL_STAGE, whole, tmp_path / "a", Scripted(1, 2, 3, 4), options)
    updates = 2 * BATCHES_AN_EPOCH // options.gradient_accumulation_steps
    assert progress.step == updates * options.gradient_accumulation_steps
    with pytest.raises(KeyboardInterrupt):
        run(LABEL_STAGE, pieces, tmp_path / "b", Scripted(1, 2, None), options)
    assert [p.name for p in (tmp_path / "b").glob("state-*")] == ["state-5-1"]
    again = make_student()
    run(LABEL_STAGE, again, tmp_path / "b", Scripted(3, 4), options)
    for one, other in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_token_by_token_both_must_read_the_same_tokens(tmp_path):
    same, other = (
        make_batches(
            LABELS, 3, vocab_size=STUDENT.vocab_size, teacher_lengths=extra_tokens
        )
        for extra_tokens in (None, 2)
    )
    # The teacher's own tokens are of a larger vocabulary.
    teacher = make_classifier(replace(TEACHER, vocab_size=CONFIG.vocab_size), seed=2)
    student = make_student()
    build_distiller(LAYER_STAGE, student, same, teacher)
    with pytest.raises(DistillError, match="hidden_loss compares token by token, .*kd"):
        build_distiller(LAYER_STAGE, student, other, teacher)
    (hidden,) = LAYER_STAGE.objectives
    first_token = replace(hidden, loss=patience_mse, feature="first_token_states")
    stage = replace(LAYER_STAGE, objectives=(first_token,))
    distiller = build_distiller(stage, student, other, teacher)
    x, y = other.first()
    assert distiller.compute_loss(x, y, distiller(x, training=False)) > 0


def test_no_whole_update_is_an_error(tmp_path):
    options = OPTIONS.replace(gradient_accumulation_steps=9)
    with pytest.raises(DistillError, match="is 9, but stage prediction has only 8"):
        run(LABEL_STAGE, make_student(), tmp_path, never, options)


@pytest.mark.slow
def test_a_compiled_step_learns_the_same(tmp_path):
    weights = []
    for jit_compile in ("true", "false"):
        options = OPTIONS.replace(jit_compile=jit_compile, optimizer="adadelta")
        stage = replace(LABEL_STAGE, epochs=0.5)
        student = make_classifier(
            replace(STUDENT, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0),
            seed=1,
        )
        run(stage, student, tmp_path / jit_compile, Scripted(1), options)
        weights.append(student.get_weights())
    assert_same_weights(*weights)
