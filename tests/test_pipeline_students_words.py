"""Whole runs of the students without attention, and what they start from."""

import logging

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_runs import QUICK
from tiny_runs import write_pairs
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.students import STUDENTS
from distill_tf.pipeline.teachers import LiveTeacher
from distill_tf.tasks import Examples

SMALL = {
    "model_type": "bilstm",
    "emb_dim": 5,
    "lstm_hidden_size": 4,
    "fc_size": 7,
    "student_max_seq_length": 6,
    "student_tokenizer": "wordpiece",
    "learning_rate": 1e-2,
    "method": "tang",
}
TRAIN = Examples(["a b a", "a efg"], None, np.int32([0, 1]))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return write_teacher(tmp_path_factory.mktemp("teacher"))


@pytest.fixture(scope="module")
def teacher(checkpoint):
    return load_classifier(checkpoint, LabelSet(("0", "1"), is_pair=False), 9)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return write_sst2(tmp_path_factory.mktemp("data"))


def config(**settings):
    return DistillConfig(**{**QUICK, **SMALL, **settings})


def build(teacher, **settings):
    settings = config(**settings)
    make = STUDENTS[settings.model_type]
    student = make(settings, LiveTeacher([teacher]), TRAIN)
    return student.build("float32")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        pytest.param(
            {"student_tokenizer": "whitespace", "bidirectional": False},
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {
                "student_tokenizer": "jieba",
                "method": "soft_ce",
                "student_pooling": "max",
            },
            marks=pytest.mark.slow,
        ),
        pytest.param({"method": "similarity"}, marks=pytest.mark.slow),
        pytest.param(
            {"method": "factor_transfer", "factor_size": 3}, marks=pytest.mark.slow
        ),
        pytest.param({"method": "none"}, marks=pytest.mark.slow),
        {
            "model_type": "static",
            "lstm_hidden_size": None,
            "student_tokenizer": "basic",
        },
    ],
    ids=lambda settings: "-".join(map(str, settings.values())) or "tang",
)
def test_a_whole_run_gives_a_student_that_loads(
    tmp_path, data_dir, checkpoint, settings
):
    run = tmp_path / "run"
    results = distill_tf.distill(
        config(
            data_dir=data_dir,
            init_checkpoint_teacher=checkpoint,
            output_dir=str(run),
            num_train_epochs=2.0,
            **settings,
        )
    )
    assert results["parameters"] > 0 and results["flops_per_example"] > 0
    student = distill_tf.load(run)
    labels = [each.label for each in student.predict(["a b", "", "zzz a " * 9])]
    assert set(labels) <= {"0", "1"}


@pytest.mark.slow
def test_a_pair_task(tmp_path, checkpoint):
    data_dir = write_pairs(
        tmp_path / "data", ("train", "dev"), "label", ("entailment", "not_entailment")
    )
    distill_tf.distill(
        config(
            task_name="rte",
            data_dir=data_dir,
            init_checkpoint_teacher=checkpoint,
            output_dir=str(tmp_path / "run"),
        )
    )
    student = distill_tf.load(tmp_path / "run")
    together = student.logits(["a", "a b c"], ["b c d efg a", "c"])
    alone = student.logits(["a"], ["b c d efg a"])
    np.testing.assert_allclose(together[:1], alone, rtol=0, atol=1e-6)
    assert not np.allclose(together[:1], student.logits(["b"], ["b c d efg a"]))


def test_the_sizes_of_the_preset_unless_said_otherwise(teacher):
    sizes = build(teacher, student_preset="oneflow", fc_size=None).model.config
    assert (sizes.embedding_size, sizes.hidden_size, sizes.dense_size) == (5, 4, 400)
    assert not sizes.bidirectional


def test_embeddings_of_the_teacher(teacher):
    student = build(teacher, student_preset="bert_embedding", emb_dim=None).model
    np.testing.assert_array_equal(
        student.encoder.embeddings.table,
        named_weights(teacher.model)["bert/embeddings/word_embeddings"],
    )
    assert student.config.embedding_size == CONFIG.hidden_size
    assert not student.config.train_embeddings


def test_word_vectors_are_the_start(teacher, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("a 1 2 3\nefg 4 5 6\nq 7 8 9\n", "utf-8")
    student = build(
        teacher,
        student_tokenizer="whitespace",
        use_pretrained_emb=True,
        embedding_path=str(path),
        emb_dim=None,
    )
    table = np.asarray(student.model.encoder.embeddings.table)
    ids = [student.encoder.vocabulary.id_of(word) for word in ("a", "efg")]
    np.testing.assert_array_equal(table[ids], [[1, 2, 3], [4, 5, 6]])


def test_the_words_of_a_dictionary(teacher, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("[PAD]\t0\n[UNK]\t0\nefg\t9\n", "utf-8")
    student = build(teacher, student_tokenizer="whitespace", vocab_path=str(path))
    assert student.encoder.vocabulary.tokens == ("[PAD]", "[UNK]", "efg")


def test_static_vectors_start_from_the_teacher(teacher):
    settings = {"model_type": "static", "lstm_hidden_size": None, "emb_dim": 3}
    first, second = (build(teacher, seed=seed, **settings) for seed in (1, 2))
    tables = [np.asarray(s.model.encoder.embeddings.table) for s in (first, second)]
    np.testing.assert_array_equal(*tables)
    assert tables[0].shape == (CONFIG.vocab_size, 3)
    # "a" is frequent in the training texts, so it counts little.
    ids = [first.encoder.vocabulary.id_of(word) for word in ("a", "d")]
    norms = np.linalg.norm(tables[0][ids], axis=1)
    assert norms[0] < 0.01 * norms[1]


def test_a_student_larger_than_its_teacher_is_told(teacher, caplog):
    with caplog.at_level(logging.WARNING):
        build(teacher, fc_size=900)
    assert "LARGER THAN ITS TEACHER" in caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tinybert"}, "compares the transformer layers .*, which a bilstm"),
        ({"method": "none", "aug_train": True}, "only a teacher can label"),
        ({"vocab_path": "x"}, "vocab_path is for words"),
        ({"use_pretrained_emb": True}, "belong together"),
        ({"model_type": "static"}, "lstm_hidden_size is for model_type=bilstm"),
        (
            {"student_preset": "bert_embedding", "student_tokenizer": "basic"},
            "need student_tokenizer=wordpiece",
        ),
        ({"aug_train": True}, "train_aug"),
    ],
)
def test_mistakes(tmp_path, data_dir, checkpoint, settings, message):
    run = tmp_path / "run"
    with pytest.raises(DistillError, match=message):
        distill_tf.distill(
            config(
                data_dir=data_dir,
                init_checkpoint_teacher=checkpoint,
                output_dir=str(run),
                **settings,
            )
        )
    assert not run.exists()


def test_a_student_without_attention_cannot_be_a_bert(tmp_path, teacher):
    build(teacher).save(tmp_path)
    with pytest.raises(DistillError, match="a BERT classifier is needed here"):
        load_classifier(str(tmp_path), teacher.labels, 9)
