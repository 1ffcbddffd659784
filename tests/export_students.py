"""Small students to export, texts for them, and clients in processes of their own."""

import json
import subprocess
import sys
from dataclasses import replace

from tiny_bert import TOKENS
from tiny_training import STUDENT
from tiny_training import make_classifier

from distill_tf.labels import LabelSet
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

NAMES = ("no", "maybe", "yes")
MAX_SEQ_LENGTH = 11
# Among them what a writer or reader of vocabularies may stumble upon.
EXPORT_TOKENS = (*TOKENS, "中", "文", "☃", ".", "[", "]", "A", "##B", "é", "\u2028")
# Every program splits these alike.
PLAIN_TEXTS = ["a bad c", "", "A. aB é", "x☃ 中文", "😀 d", "[SEP] a", "ab " * 900]
# These, BERT's own tokenizers alone.
ODD_TEXTS = ["中，文", "a\u00adb\x07c", "d\u00a0e\u3000f", "ﬁ", "b" * 101]
# Long enough for one side or both to be cut.
PARTNERS = ["d e", "a", "", "b c d e f g h i j", "a " * 20, "[CLS]", "e " * 17]


def make_predictor(
    names=NAMES,
    is_pair=False,
    do_lower_case=True,
    pooling_strategy="cls",
    tokens=EXPORT_TOKENS,
    **config,
) -> Predictor:
    """A student with random weights, which read more rows than there are tokens."""
    config = replace(STUDENT, vocab_size=len(tokens) + 2, **config)
    labels = LabelSet(tuple(names), is_pair)
    model = make_classifier(
        config, labels.num_outputs, pooling_strategy=pooling_strategy
    )
    settings = TextSettings(do_lower_case, MAX_SEQ_LENGTH)
    return Predictor(
        model, TextEncoder.from_settings(Vocabulary(tokens), settings), labels
    )


def written(exporter, predictor, folder):
    """The folder, made and exported into.

    What has to be installed for comparing is not checked: writing may do without.
    """
    folder.mkdir(parents=True)
    exporter.export(predictor, folder)
    return folder


def all_written(exporter, students, make, folder):
    """Name -> predictor and folder, of keyword arguments of `make` by name."""
    predictors = {name: make(**each) for name, each in students.items()}
    return {
        name: (predictor, written(exporter, predictor, folder / name))
        for name, predictor in predictors.items()
    }


def run_client(program: str, job, folder):
    """What a fresh process answers: json in, json out, none of our code within reach.

    The program finds its input as `job` and leaves its output in `answer`.
    """
    script = (
        "import json, sys\n"
        "job = json.load(sys.stdin)\n"
        f"{program}\n"
        "assert not any(name.startswith('distill_tf') for name in sys.modules)\n"
        "print(json.dumps(answer))\n"
    )
    process = subprocess.run(
        # -B: what is exported is shared by tests that look at its files.
        [sys.executable, "-B", "-c", script],
        cwd=folder,
        input=json.dumps(job),
        capture_output=True,
        text=True,
    )
    if process.returncode:
        raise RuntimeError(process.stderr)
    return json.loads(process.stdout.splitlines()[-1])


# The beginning of a client of the models that read each text by itself: all it needs
# is torch and tokenizers.
TEXT_BY_TEXT = """
import importlib.util
import torch
from tokenizers import Tokenizer

def load(folder, model_type, name):
    path = f"{folder}/modeling_{model_type}.py"
    spec = importlib.util.spec_from_file_location("modeling", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name).from_folder(folder)

def tensors(folder, texts):
    rows = Tokenizer.from_file(folder + "/tokenizer.json").encode_batch(texts)
    ids, masks = [row.ids for row in rows], [row.attention_mask for row in rows]
    return torch.tensor(ids).long(), torch.tensor(masks)
"""


def assert_tidy(path):
    """A file of code that a linter has nothing to say of."""
    for arguments in (["check", "--select=E,F,B,UP"], ["format", "--check"]):
        process = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--isolated", path],
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stdout
