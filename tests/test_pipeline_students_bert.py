"""What a student is built like, and what it starts from."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import google_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_tokens
from tiny_runs import AS_THE_TEACHER
from tiny_runs import distill_config
from tiny_runs import write_teacher

from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import has_head_for
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.students.bert import bert_student
from distill_tf.pipeline.students.layer_list import weights_of_layers
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.tasks import Examples

NO_EXAMPLES = Examples([], None, None)
DEEP = replace(CONFIG, num_hidden_layers=4)


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    path = write_teacher(tmp_path_factory.mktemp("teacher"))
    labels = LabelSet(("0", "1"), is_pair=False)
    return load_classifier(path, labels, 9, pooling_strategy="mean")


def build(*teachers, precision="float32", **settings):
    settings = distill_config(**settings)
    student = bert_student(settings, LiveTeacher(teachers), NO_EXAMPLES)
    return student.build(precision).model


def checkpoint(folder, tokens=TOKENS, **config) -> str:
    """A pre-trained checkpoint of the teacher's size unless told otherwise."""
    config = replace(CONFIG, **config)
    path = write_google(folder, random_weights(7, config), config=google_config(config))
    write_tokens(folder / "vocab.txt", tokens)
    return str(path)


def test_own_sizes_and_the_teachers_rest(teacher):
    student = build(teacher, precision="mixed_bfloat16")
    assert student.config == replace(
        teacher.model.config,
        num_hidden_layers=1,
        hidden_size=6,
        num_attention_heads=3,
        intermediate_size=10,
    )
    assert student.num_classes == 2
    assert student.pooling_strategy == "mean"
    assert student.dtype_policy.name == "mixed_bfloat16"


def test_layers_are_renumbered_and_the_rest_stays():
    weights = random_weights(config=DEEP, head=True)
    chosen = weights_of_layers(weights, (3, 0, 3))
    for new, old in enumerate((3, 0, 3)):
        name = "bert/encoder/layer_{}/intermediate/dense/kernel"
        np.testing.assert_array_equal(
            chosen[name.format(new)], weights[name.format(old)]
        )
    per_layer = sum("/layer_3/" in name for name in weights)
    assert len(chosen) == len(weights) - per_layer
    np.testing.assert_array_equal(chosen["output_weights"], weights["output_weights"])


def test_a_copy_of_all_layers_computes_what_the_teacher_does(teacher):
    student = build(teacher, **AS_THE_TEACHER, layer_list="0,1")
    batch = pad(teacher.encode(["a b c", "ba", "efg a a a"]), np.arange(3))
    expected = teacher.model.compute_outputs(batch, training=False)
    found = student.compute_outputs(batch, training=False)
    assert len(found["hidden_states"]) == 3
    for state, teacher_state in zip(
        found["hidden_states"], expected["hidden_states"], strict=True
    ):
        np.testing.assert_array_equal(state, teacher_state)
    np.testing.assert_array_equal(found["logits"], expected["logits"])


def test_chosen_layers_in_the_order_given(teacher):
    size = {**AS_THE_TEACHER, "student_num_hidden_layers": 1}
    student = named_weights(build(teacher, **size, layer_list="1"))
    weights = named_weights(teacher.model)
    kernel = "bert/encoder/layer_{}/attention/self/query/kernel"
    np.testing.assert_array_equal(student[kernel.format(0)], weights[kernel.format(1)])


def test_start_from_a_checkpoint_without_its_head(teacher, tmp_path):
    path = write_teacher(tmp_path, seed=8)
    student = named_weights(
        build(teacher, **AS_THE_TEACHER, init_checkpoint_student=path)
    )
    for name, array in random_weights(8).items():
        np.testing.assert_array_equal(student[name], array)
    assert not student["output_bias"].any()


def test_constants_are_those_of_the_checkpoint(teacher, tmp_path):
    path = checkpoint(tmp_path, hidden_dropout_prob=0.25, max_position_embeddings=11)
    student = build(teacher, **AS_THE_TEACHER, init_checkpoint_student=path)
    assert student.config.hidden_dropout_prob == 0.25
    assert student.config.max_position_embeddings == 11


@pytest.mark.parametrize(
    ("size", "own", "other"),
    [
        ("num_hidden_layers", 2, 1),
        ("hidden_size", 12, 6),
        ("num_attention_heads", 3, 4),
        ("intermediate_size", 20, 10),
    ],
)
@pytest.mark.parametrize("start", ["init_checkpoint_student", "layer_list"])
def test_the_sizes_must_agree(teacher, tmp_path, start, size, own, other):
    settings = {**AS_THE_TEACHER, f"student_{size}": other}
    settings[start] = "0,1" if start == "layer_list" else checkpoint(tmp_path)
    sentence = f"student_{size} is {other}, but .* has {own}; set student_{size}={own} "
    with pytest.raises(DistillError, match=sentence):
        build(teacher, **settings)


@pytest.mark.parametrize("start", ["init_checkpoint_student", "layer_list"])
def test_sizes_that_are_not_given_are_the_starts(teacher, tmp_path, start):
    settings = dict.fromkeys(AS_THE_TEACHER)
    settings[start] = "1,0" if start == "layer_list" else checkpoint(tmp_path)
    assert build(teacher, **settings).config == teacher.model.config


@pytest.mark.parametrize(
    ("layer_list", "sentence"),
    [
        ("first,last", "layer_list must be numbers .* but is 'first,last'"),
        ("0,,1", "layer_list must be numbers .* but is '0,,1'"),
        ("0.5", "layer_list must be numbers"),
        ("0,2", "layer 2, but the teacher has layers 0 to 1; correct it, or"),
        ("-1,0", "layer -1, but the teacher has layers 0 to 1; correct it, or"),
    ],
)
def test_layer_lists_that_cannot_be(teacher, layer_list, sentence):
    with pytest.raises(DistillError, match=sentence):
        build(teacher, **AS_THE_TEACHER, layer_list=layer_list)


def test_chosen_layers_of_a_checkpoint(teacher, tmp_path):
    sizes = {**AS_THE_TEACHER, "student_num_hidden_layers": 1}
    weights = random_weights(8)
    path = str(write_google(tmp_path, weights))
    model = build(teacher, **sizes, layer_list="1", init_checkpoint_student=path)
    found = named_weights(model)
    kernel = "intermediate/dense/kernel"
    np.testing.assert_array_equal(
        found[f"bert/encoder/layer_0/{kernel}"],
        weights[f"bert/encoder/layer_1/{kernel}"],
    )
    with pytest.raises(DistillError, match="layer 3, but .* has layers 0 to 1"):
        build(teacher, layer_list="3", init_checkpoint_student=path)


@pytest.mark.parametrize(
    ("model_type", "num_classes", "is_kept"),
    [("bert_pkd", 2, True), ("bert_pkd", 3, False), ("tinybert", 2, False)],
)
def test_a_head_that_fits_stays_with_layers_that_patience_teaches(
    teacher, tmp_path, model_type, num_classes, is_kept
):
    path = write_teacher(tmp_path, num_classes, seed=5)
    head = build(
        teacher,
        **AS_THE_TEACHER,
        model_type=model_type,
        init_checkpoint_student=path,
        pooling_strategy="cls",
    ).output_dense.kernel
    saved = load_checkpoint(path).weights["output_weights"].T
    same = head.shape == saved.shape and np.array_equal(head, saved)
    assert same is is_kept


@pytest.mark.parametrize(
    ("labels", "is_kept"),
    [(None, True), (("0", "1"), True), (("1", "0"), False), (("no", "yes"), False)],
)
def test_a_head_says_whose_it_is(tmp_path, labels, is_kept):
    start = replace(load_checkpoint(write_teacher(tmp_path)), labels=labels)
    assert has_head_for(start, LabelSet(("0", "1"), is_pair=False)) is is_kept


@pytest.mark.parametrize(
    ("pooling_strategy", "is_kept"), [("mean", True), ("cls", False)]
)
def test_a_head_stays_on_the_vectors_that_it_was_trained_on(
    teacher, pooling_strategy, is_kept
):
    student = build(
        teacher,
        **AS_THE_TEACHER,
        model_type="bert_pkd",
        layer_list="0,1",
        pooling_strategy=pooling_strategy,
    )
    heads = (model.output_dense.kernel for model in (student, teacher.model))
    assert np.array_equal(*heads) is is_kept


def test_a_checkpoint_of_another_vocabulary(teacher, tmp_path):
    path = checkpoint(tmp_path, tokens=[*TOKENS[:-1], "##z"])
    with pytest.raises(DistillError, match="another vocabulary than the teacher; give"):
        build(teacher, **AS_THE_TEACHER, init_checkpoint_student=path)


@pytest.mark.parametrize(("vocab_size", "fits"), [(37, True), (38, False)])
def test_a_checkpoint_without_a_vocabulary(teacher, tmp_path, vocab_size, fits):
    path = checkpoint(tmp_path, vocab_size=vocab_size)
    (tmp_path / "vocab.txt").unlink()
    settings = {**AS_THE_TEACHER, "init_checkpoint_student": path}
    if fits:
        assert build(teacher, **settings).config.vocab_size == vocab_size
        return
    with pytest.raises(DistillError, match="another vocabulary than the teacher; give"):
        build(teacher, **settings)


def test_a_checkpoint_of_too_few_positions(teacher, tmp_path):
    path = checkpoint(tmp_path, max_position_embeddings=8)
    with pytest.raises(DistillError, match="9 tokens, but .* has only 8 positions"):
        build(teacher, **AS_THE_TEACHER, init_checkpoint_student=path)


@pytest.mark.parametrize("start", ["init_checkpoint_student", "layer_list"])
def test_random_weights_although_a_start_is_named(teacher, tmp_path, start):
    settings = {**AS_THE_TEACHER, "from_scratch": True}
    if start == "layer_list":
        settings[start] = "0,1"
    else:
        settings[start] = checkpoint(tmp_path, hidden_dropout_prob=0.25)
    student = build(teacher, **settings)
    assert (student.config.hidden_dropout_prob == 0.25) is (start != "layer_list")
    taken = random_weights(7), named_weights(teacher.model)
    for name, weight in named_weights(student).items():
        if name.endswith("kernel"):
            for weights in taken:
                assert not np.array_equal(weight, weights[name]), name


@pytest.mark.parametrize(("last", "fits"), [(TOKENS[-1], True), ("##z", False)])
def test_layers_of_one_of_several_teachers_read_its_vocabulary(
    teacher, tmp_path, last, fits
):
    write_tokens(tmp_path / "vocab.txt", [*TOKENS[:-1], last])
    vocab_file = str(tmp_path / "vocab.txt")
    settings = {**AS_THE_TEACHER, "layer_list": "0,1", "vocab_file": vocab_file}
    if fits:
        build(teacher, teacher, **settings)
        return
    with pytest.raises(DistillError, match="layer_list=0,1 has another vocabulary"):
        build(teacher, teacher, **settings)
