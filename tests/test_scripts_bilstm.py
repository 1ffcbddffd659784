"""PaddleNLP's recipes as the script runs them, on the first rows of the real tasks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_data import real_data

import distill_tf

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
ROWS = 40
# Task -> its folder, and that of a configuration and vocabulary.
TASKS = {
    "sst-2": (("glue", "SST-2"), "uncased_L-4_H-256_A-4"),
    "qqp": (("glue_10k", "QQP"), "uncased_L-4_H-256_A-4"),
    "chnsenticorp": (("chnsenticorp",), "chinese_wwm_L-12_H-768_A-12"),
}


def first_rows(source: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("train.tsv", "dev.tsv"):
        lines = (source / name).read_text("utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[: 1 + ROWS]), "utf-8")
    return folder


def train_teacher(task: str, data_dir: Path, meta: Path, folder: Path) -> None:
    """A BERT too small to be any good, with a real vocabulary."""
    config = json.loads((meta / "bert_config.json").read_text("utf-8"))
    config |= {
        "hidden_size": 12,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 20,
    }
    config_file = folder.parent / "bert_config.json"
    config_file.write_text(json.dumps(config), "utf-8")
    distill_tf.fine_tune(
        distill_tf.FineTuneConfig(
            task_name=task,
            data_dir=str(data_dir),
            from_scratch=True,
            bert_config_file=str(config_file),
            vocab_file=str(meta / "vocab.txt"),
            num_train_epochs=1.0,
            output_dir=str(folder),
        )
    )


@pytest.mark.parametrize("task", TASKS)
def test_alone_augmented_and_distilled(task, tmp_path):
    pytest.importorskip("textblob")
    parts, meta = TASKS[task]
    data_dir = first_rows(real_data(*parts), tmp_path / "data")
    teacher = tmp_path / "teacher"
    train_teacher(task, data_dir, real_data("bert_meta", meta), teacher)
    # The script calls `python`: the one that runs the tests.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [ROOT / "scripts" / "bilstm.sh", task, data_dir, teacher, tmp_path / "out"],
        check=True,
        env={**os.environ, "PATH": path},
    )
    for name in ("alone", "tang"):
        run = tmp_path / "out" / f"{task}_bilstm_{name}"
        results = json.loads((run / "results_eval.json").read_text("utf-8"))
        assert 0 <= results["accuracy"] <= 1
        assert results["teacher"]["parameters"] < results["parameters"]
        assert distill_tf.load(run).predict(
            ["很好"] if task == "chnsenticorp" else ["good"],
            ["fine"] if task == "qqp" else None,
        )
    augmented = tmp_path / "out" / f"{task}_aug" / "train_aug.tsv"
    assert len(augmented.read_text("utf-8").splitlines()) > 2 * ROWS
