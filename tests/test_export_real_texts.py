"""Students of full size, asked about real texts by programs that do not know us."""

import functools
import itertools

import keras
import numpy as np
import pytest
from export_students import run_client
from export_students import written
from real_checkpoint import make_checkpoints
from real_data import real_data
from saved_model_requests import ask
from saved_model_requests import assert_is
from saved_model_requests import request
from text_clients import KERAS_HUB
from text_clients import PYTORCH
from tiny_exports import LABELS
from tiny_exports import decoded
from traced_clients import CLIENTS

from distill_tf.config import DistillConfig
from distill_tf.export.formats import EXPORTERS
from distill_tf.export.serving_module import text_names
from distill_tf.labels import LabelSet
from distill_tf.pipeline.classifier import load_classifier
from distill_tf.pipeline.resolve import resolve
from distill_tf.pipeline.students import STUDENTS
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher_sizes import with_teacher_sizes
from distill_tf.pipeline.teachers import LiveTeacher

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.slow,
    # Keras itself, saving a variable under numpy 2.
    pytest.mark.filterwarnings(
        "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    ),
]
FOLDERS = {"sst-2": "SST-2", "mrpc": "MRPC"}
DEV_LINES = 500
# Task, the teacher's checkpoint ("google" has the tanh GELU, "hugging face" the erf
# GELU), and settings.
KINDS = {
    "all of the encoder": (
        "sst-2",
        "google",
        {"model_type": "bert_pkd", "layer_list": "0,1,2,3,4,5"},
    ),
    "TinyBERT-4L": ("sst-2", "google", {"model_type": "tinybert"}),
    "PKD-3L": (
        "sst-2",
        "hugging face",
        {"model_type": "bert_pkd", "layer_list": "3,4,5"},
    ),
    "Theseus": ("sst-2", "google", {"model_type": "theseus", "layer_list": "1,3,5"}),
    "mean pooling": (
        "sst-2",
        "hugging face",
        {"model_type": "bert_pkd", "layer_list": "0,2,4", "pooling_strategy": "mean"},
    ),
    "BiLSTM": ("sst-2", "google", {"model_type": "bilstm"}),
    "BiLSTM of pairs": (
        "mrpc",
        "google",
        {"model_type": "bilstm", "student_preset": "tang"},
    ),
    "late fusion": ("mrpc", "hugging face", {"model_type": "late_fusion"}),
}
OF_THREE_FAMILIES = ("TinyBERT-4L", "BiLSTM", "late fusion")
# Program, what it needs beside tokenizers, the largest difference of a logit, and the
# students that it is asked about.
FORMATS = {
    "pytorch": (PYTORCH, ("torch", "transformers"), 1e-4, tuple(KINDS)),
    "keras_hub": (
        KERAS_HUB,
        (),
        1e-5,
        ("all of the encoder", "TinyBERT-4L", "Theseus"),
    ),
    "onnx": (
        CLIENTS["onnx"],
        ("tf2onnx", "onnx", "onnxruntime"),
        1e-4,
        OF_THREE_FAMILIES,
    ),
    "litert": (
        CLIENTS["litert"],
        ("ai_edge_litert.interpreter",),
        1e-4,
        OF_THREE_FAMILIES,
    ),
}
PLAIN_TEXTS = ["", "wonderful " * 1000, "w" * 10_000, "😀 café", "这部电影很好看"]
# KerasHub's tokenizer makes something else of the last ones.
ODD_TEXTS = [*PLAIN_TEXTS, "这部电影，很好看。", "👩\u200d👧 film", "[SEP] \x07"]
RAW_TEXTS = [b"good \xff\xfe film", b"\xe8\xbf", b"\xed\xa0\x80 bad"]


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """Kind -> predictor and dev examples."""
    checkpoints = make_checkpoints(tmp_path_factory.mktemp("checkpoints"))

    @functools.cache
    def make(kind):
        task_name, checkpoint, settings = KINDS[kind]
        data_dir = real_data("glue", FOLDERS[task_name])
        config = DistillConfig(
            task_name=task_name, data_dir=str(data_dir), max_seq_length=64, **settings
        )
        data = TaskData.load(config)
        keras.utils.set_random_seed(0)
        bert = load_classifier(
            str(checkpoints[checkpoint]),
            LabelSet(LABELS, data.task.is_pair),
            config.max_seq_length,
            pooling_strategy=config.pooling_strategy,
            new_head=True,
        )
        config = with_teacher_sizes(resolve(config, data.task), bert.model.config)
        teacher = LiveTeacher([bert])
        student = STUDENTS[config.model_type](config, teacher, data.train())
        predictor = student.finish(student.build("float32"))
        if config.model_type == "tinybert":
            enlarge_kernels(predictor.model)
        examples = data.examples("dev", DEV_LINES)
        tell_apart(predictor, examples)
        return predictor, examples

    return make


def enlarge_kernels(model):
    """Makes new weights as large as trained ones, so that each shows in the logits."""
    for weight in model.weights:
        if weight.name == "kernel":
            weight.assign(4 * weight)


def tell_apart(predictor, examples):
    """Gives the predictor a head of random weights that tells the examples apart."""
    kernel, bias = predictor.model.weights[-2:]
    kernel.assign(np.random.default_rng(0).normal(size=kernel.shape))
    logits = predictor.logits(examples.texts_a, examples.texts_b)
    scales = 0.3 / logits.std(axis=0)
    kernel.assign(kernel * scales)
    bias.assign(-logits.mean(axis=0) * scales)


def columns(examples, odd):
    """The examples' texts and further ones, for pairs with partners."""
    texts = [*examples.texts_a, *odd]
    return texts, examples.texts_b and [*examples.texts_b, *odd[::-1]]


@pytest.mark.parametrize("name", FORMATS)
def test_programs_that_do_not_know_us(student, name, tmp_path):
    program, tools, tolerance, kinds = FORMATS[name]
    for tool in ("tokenizers", *tools):
        pytest.importorskip(tool)
    job, expected = [], {}
    for kind in kinds:
        predictor, examples = student(kind)
        texts = columns(examples, PLAIN_TEXTS if name == "keras_hub" else ODD_TEXTS)
        folder = written(EXPORTERS[name], predictor, tmp_path / str(len(job)))
        job.append([str(folder), *texts])
        expected[kind] = predictor.logits(*texts)
    answers = run_client(program, job, tmp_path)
    differences = {}
    for kind, answer in zip(kinds, answers, strict=True):
        # Of LiteRT's variants the first, float32.
        if isinstance(answer, dict):
            answer = next(iter(answer.values()))["logits"]
        differences[kind] = np.abs(expected[kind] - answer).max()
    assert all(np.ptp(each, axis=0).min() > 1 for each in expected.values())
    assert {k: v for k, v in differences.items() if not v <= tolerance} == {}


def test_a_saved_model_in_a_process_without_keras(student, tmp_path):
    asked, expected = [], []
    for kind in KINDS:
        predictor, examples = student(kind)
        folder = written(EXPORTERS["savedmodel"], predictor, tmp_path / kind)
        names = text_names(predictor.labels.is_pair)
        texts = columns(examples, ODD_TEXTS)[: len(names)]
        raw = (RAW_TEXTS, RAW_TEXTS[::-1])[: len(names)]
        requests = [
            request("serving_default", **dict(zip(names, each, strict=True)))
            for each in (texts, raw)
        ]
        asked.append((folder, requests))
        expected += [predictor.logits(*each) for each in (texts, map(decoded, raw))]
    answers = itertools.chain(*ask(asked, tmp_path, "bare"))
    for answer, logits in zip(answers, expected, strict=True):
        assert_is(answer, logits)
