"""Fine-tuning, from a configuration to the finished folder."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import huggingface_arrays
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_tokens
from tiny_runs import DEV_ROWS
from tiny_runs import TEST_ROWS
from tiny_runs import fine_tune_config
from tiny_runs import text
from tiny_runs import write_pairs
from tiny_runs import write_rows
from tiny_runs import write_sst2
from tiny_runs import write_teacher

import distill_tf
from distill_tf.checkpoints.google import save_google_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.checkpoints.weight_table import HEAD_NAMES
from distill_tf.errors import DistillError

COST = {
    "parameters": int,
    "size_bytes": int,
    "flops_per_example": int,
    "latency_ms_p50": float,
    "latency_ms_p90": float,
    "latency_tokens": int,
    "examples_per_second": float,
}


@pytest.fixture(scope="module")
def sst2(tmp_path_factory) -> str:
    return write_sst2(tmp_path_factory.mktemp("sst2"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory, sst2):
    """The configuration of a finished run from a pre-trained checkpoint."""
    folder = tmp_path_factory.mktemp("finished")
    config = fine_tune_config(
        data_dir=sst2,
        init_checkpoint=str(write_google(folder / "google", random_weights())),
        output_dir=str(folder / "run"),
        result_dir=str(folder / "results"),
        num_train_epochs=2.5,
        learning_rate=1e-2,
        do_predict=True,
        tensorboard=True,
    )
    return folder, config, distill_tf.fine_tune(config)


def started(folder, **settings):
    """A run that only saves what training would start from, and its results."""
    settings = {"do_eval": False, "num_train_epochs": 0.0, **settings}
    config = fine_tune_config(output_dir=str(folder / "run"), **settings)
    results = distill_tf.fine_tune(config)
    return distill_tf.load(config.output_dir), results


def read_tsv(path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def test_results_are_numbers_with_what_produced_them(finished):
    folder, config, results = finished
    for name, kind in COST.items():
        assert type(results[name]) is kind
    assert results["size_bytes"] == 4 * results["parameters"]
    assert results["task"] == "sst-2"
    assert results["seed"] == config.seed
    assert results["config"] == config.to_dict()
    assert {"python", "distill_tf", "tensorflow", "keras"} <= results["versions"].keys()
    for copy in ("run", "results"):
        written = (folder / copy / "results_eval.json").read_text("utf-8")
        assert json.loads(written) == results


def test_final_numbers_are_those_of_the_best_weights(finished):
    _, _, results = finished
    stage = results["stages"]["labels"]
    # Three batches an epoch, two and a half epochs.
    assert [each["step"] for each in stage["evaluations"]] == [3, 6, 8]
    best = max(each["accuracy"] for each in stage["evaluations"])
    assert results["accuracy"] == stage["best"] == best


def test_training_changed_the_weights(finished):
    _, config, _ = finished
    found = named_weights(distill_tf.load(config.output_dir).model)
    for name, array in random_weights().items():
        if name.endswith("kernel"):
            assert np.abs(found[name] - array).max() > 1e-3, name


def test_evaluating_again_gives_the_same_quality(finished):
    folder, config, results = finished
    model = (folder / "run" / "model.keras").read_bytes()
    again = distill_tf.fine_tune(config.replace(do_train=False, do_predict=False))
    assert again["accuracy"] == results["accuracy"]
    assert again["stages"] == results["stages"]
    assert (folder / "run" / "model.keras").read_bytes() == model


@pytest.fixture(scope="module")
def moods(tmp_path_factory):
    """The configuration of a finished run on labels that the train file names."""
    folder = tmp_path_factory.mktemp("moods")
    header, labels = ("said", "meant", "mood"), ("1", "2")
    for split in ("train", "dev"):
        rows = ((text(row), text(row + 1), labels[row % 2]) for row in range(6))
        write_rows(folder / "data" / f"{split}.tsv", header, *rows)
    config = fine_tune_config(
        task_name="custom",
        text_columns="said",
        label_column="mood",
        data_dir=str(folder / "data"),
        init_checkpoint=str(write_google(folder / "google", random_weights())),
        output_dir=str(folder / "run"),
        num_train_epochs=0.0,
    )
    distill_tf.fine_tune(config)
    return config


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"labels": "2,1"}, "single texts with the labels 2, 1"),
        ({"labels": "0,1,2"}, "single texts with the labels 0, 1, 2"),
        ({"text_columns": "said,meant"}, "pairs of texts with the labels 1, 2"),
        ({"regression": True}, "single texts with a number"),
    ],
)
def test_a_model_is_not_evaluated_on_other_labels(moods, change, found):
    results = Path(moods.output_dir) / "results_eval.json"
    before = results.read_text("utf-8")
    sentence = f"single texts with the labels 1, 2, but task custom now has {found};"
    with pytest.raises(DistillError, match=sentence):
        distill_tf.fine_tune(moods.replace(do_train=False, **change))
    assert results.read_text("utf-8") == before


def test_labels_that_the_train_file_has_in_another_order_are_noticed(moods, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(moods.data_dir, data)
    evaluated = moods.replace(do_train=False, data_dir=str(data))
    distill_tf.fine_tune(evaluated)
    # One more class, which comes first.
    rows = (data / "train.tsv").read_text("utf-8") + "a\tb\t0\n"
    (data / "train.tsv").write_text(rows, "utf-8")
    with pytest.raises(DistillError, match="the labels 1, 2, but .* labels 0, 1, 2;"):
        distill_tf.fine_tune(evaluated)


def test_predictions_are_those_of_the_saved_model(finished):
    folder, config, _ = finished
    rows = read_tsv(folder / "run" / "predictions.tsv")
    assert rows[0] == ["index", "prediction", "0", "1"]
    predictor = distill_tf.load(config.output_dir)
    predictions = predictor.predict([text(row) for row in range(TEST_ROWS)])
    for index, (row, prediction) in enumerate(zip(rows[1:], predictions, strict=True)):
        assert row[:2] == [str(index), prediction.label]
        np.testing.assert_allclose(
            [float(value) for value in row[2:]],
            list(prediction.probabilities.values()),
            atol=1e-5,
        )


def test_tensorboard_logs_lie_with_the_stage(finished):
    folder, _, _ = finished
    assert list((folder / "run" / "stages" / "labels").rglob("*tfevents*"))


def test_a_fine_tuned_google_checkpoint_with_optimizer_state(tmp_path, sst2):
    weights = random_weights(head=True)
    for name in HEAD_NAMES:
        weights[name] = weights[name][:2]
    prefix = write_google(tmp_path / "google", weights, "model.ckpt-46000")
    slots = {f"{name}/adam_m": array for name, array in weights.items()}
    state = {**weights, **slots, "global_step": np.int64(46000)}
    save_google_checkpoint(prefix, state)
    predictor, _ = started(
        tmp_path, data_dir=sst2, init_checkpoint=str(tmp_path / "google")
    )
    assert_same_weights(named_weights(predictor.model), weights)


def test_a_hugging_face_folder(tmp_path, sst2):
    weights = random_weights()
    write_huggingface(tmp_path / "hf", huggingface_arrays(weights))
    predictor, _ = started(
        tmp_path, data_dir=sst2, init_checkpoint=str(tmp_path / "hf")
    )
    found = named_weights(predictor.model)
    assert_same_weights({name: found[name] for name in weights}, weights)
    assert predictor.model.config.hidden_act == "gelu_erf"


def test_a_run_folder_gets_a_new_head_for_other_labels(tmp_path, finished):
    _, config, _ = finished
    for split in ("train", "dev"):
        rows = ((text(row), ("x", "y", "z")[row % 3]) for row in range(6))
        write_rows(tmp_path / "data" / f"{split}.tsv", ("said", "mood"), *rows)
    predictor, _ = started(
        tmp_path,
        task_name="custom",
        text_columns="said",
        label_column="mood",
        data_dir=str(tmp_path / "data"),
        init_checkpoint=config.output_dir,
    )
    found = named_weights(predictor.model)
    weights = named_weights(distill_tf.load(config.output_dir).model)
    for name in weights.keys() - set(HEAD_NAMES):
        np.testing.assert_array_equal(found[name], weights[name])
    assert found["output_weights"].shape == (3, 12)
    assert predictor.predict(["a"])[0].label in ("x", "y", "z")


def test_a_cased_vocabulary_keeps_capitals(tmp_path, sst2):
    path = write_google(tmp_path / "google", random_weights())
    write_tokens(tmp_path / "google" / "vocab.txt", [*TOKENS[:-1], "A"])
    predictor, _ = started(tmp_path, data_dir=sst2, init_checkpoint=str(path))
    saved = json.loads((tmp_path / "run" / "text_settings.json").read_text("utf-8"))
    assert saved == {
        "do_lower_case": False,
        "max_seq_length": 9,
        "layout": "bert",
        "tokenizer": "wordpiece",
        "max_seq_length_query": 0,
        "max_seq_length_doc": 0,
        "pads_to_max": False,
    }
    small, capital = predictor.encode(["a"]), predictor.encode(["A"])
    assert small.token_ids.tolist() != capital.token_ids.tolist()


@pytest.mark.slow
def test_regression_on_pairs_with_mean_pooling(tmp_path):
    scores = ("0.5", "3.25", "5.0")
    folder = write_pairs(tmp_path / "sts", ("train", "dev"), "score", scores)
    write_pairs(tmp_path / "sts", ("test",), "unused", ("",))
    config = fine_tune_config(
        task_name="STS-B",
        data_dir=folder,
        init_checkpoint=str(write_google(tmp_path / "google", random_weights())),
        output_dir=str(tmp_path / "run"),
        pooling_strategy="mean",
        learning_rate=1e-2,
        do_predict=True,
    )
    results = distill_tf.fine_tune(config)
    assert {"pearson", "spearman"} <= results.keys()
    assert "accuracy" not in results
    predictor = distill_tf.load(tmp_path / "run")
    assert predictor.model.pooling_strategy == "mean"
    rows = read_tsv(tmp_path / "run" / "predictions.tsv")
    assert rows[0] == ["index", "prediction"]
    scores = predictor.predict(
        [text(row) for row in range(DEV_ROWS)],
        [text(row + 1) for row in range(DEV_ROWS)],
    )
    np.testing.assert_allclose(
        [float(row[1]) for row in rows[1:]], [each.score for each in scores], atol=1e-5
    )


def test_mnli_has_two_dev_sets_and_two_test_sets(tmp_path):
    names = ("contradiction", "entailment", "neutral")
    folder = write_pairs(
        tmp_path / "mnli", ("train", "dev_matched"), "gold_label", names
    )
    for split in ("dev_mismatched", "test_matched", "test_mismatched"):
        write_pairs(tmp_path / "mnli", (split,), "gold_label", names[1:])
    _, results = started(
        tmp_path,
        task_name="mnli",
        data_dir=folder,
        init_checkpoint=write_teacher(tmp_path / "google", 3),
        do_eval=True,
        do_predict=True,
    )
    assert results["accuracy"] != results["dev_mismatched"]["accuracy"]
    for name in ("matched", "mismatched"):
        rows = read_tsv(tmp_path / "run" / f"predictions_{name}.tsv")
        assert rows[0] == ["index", "prediction", *names]
        assert len(rows) == 1 + DEV_ROWS


def test_a_length_a_side_needs_the_layout_that_has_one(tmp_path):
    labels = ("entailment", "not_entailment")
    settings = {
        "task_name": "rte",
        "data_dir": write_pairs(tmp_path / "rte", ("train", "dev"), "label", labels),
        "init_checkpoint": write_teacher(tmp_path / "google"),
        "max_seq_length_doc": 6,
    }
    with pytest.raises(DistillError, match="max_seq_length_doc limits one text of a"):
        started(tmp_path, **settings)
    assert not (tmp_path / "run").exists()
    predictor, _ = started(tmp_path, input_layout="bipartite", **settings)
    assert predictor.encoder.settings.max_seq_length_doc == 6


def test_without_evaluation_nothing_is_returned(tmp_path, sst2):
    _, results = started(
        tmp_path,
        data_dir=sst2,
        init_checkpoint=write_teacher(tmp_path / "google"),
    )
    assert results == {}
    assert not (tmp_path / "run" / "results_eval.json").exists()


def test_a_missing_test_set_is_told_before_training(tmp_path):
    folder = write_pairs(tmp_path / "rte", ("train", "dev"), "label", ("entailment",))
    with pytest.raises(DistillError, match="do_predict needs a test set"):
        started(
            tmp_path,
            task_name="rte",
            data_dir=folder,
            init_checkpoint=write_teacher(tmp_path / "google"),
            do_predict=True,
        )
    assert not (tmp_path / "run").exists()


def test_a_run_that_never_trained_cannot_be_evaluated(tmp_path, sst2):
    with pytest.raises(DistillError, match="holds no model.keras"):
        started(tmp_path, data_dir=sst2, do_train=False)


@pytest.mark.parametrize("named", ["checkpoint", "files"])
def test_from_random_weights(tmp_path, sst2, named):
    path = write_google(tmp_path / "google", random_weights())
    folder = path.parent
    how = (
        {"init_checkpoint": str(path)}
        if named == "checkpoint"
        else {
            "bert_config_file": str(folder / "bert_config.json"),
            "vocab_file": str(folder / "vocab.txt"),
        }
    )
    config = fine_tune_config(
        **how,
        from_scratch=True,
        data_dir=sst2,
        output_dir=str(tmp_path / "run"),
        num_train_epochs=0.0,
        do_eval=False,
    )
    distill_tf.fine_tune(config)
    found = named_weights(distill_tf.load(config.output_dir).model)
    assert found.keys() > random_weights().keys()
    for name, weight in random_weights().items():
        assert found[name].shape == weight.shape
        assert not np.array_equal(found[name], weight), name


def test_random_weights_only_when_asked_for(tmp_path, sst2):
    config = fine_tune_config(data_dir=sst2, output_dir=str(tmp_path / "run"))
    with pytest.raises(DistillError, match="or from_scratch with bert_config_file and"):
        distill_tf.fine_tune(config)
    with pytest.raises(DistillError, match="random weights need a size and a vocab"):
        distill_tf.fine_tune(config.replace(from_scratch=True))


def test_batches_by_tokens_and_accumulation_reach_the_training(tmp_path, sst2):
    _, results = started(
        tmp_path,
        data_dir=sst2,
        init_checkpoint=str(write_google(tmp_path / "google", random_weights())),
        num_train_epochs=1.0,
        tokens_per_batch=12,
        gradient_accumulation_steps=2,
    )
    (record,) = (tmp_path / "run" / "stages").rglob("done.json")
    # Eleven texts of 3 to 7 tokens, padded to 4, 6 or 8: one to three a batch.
    assert json.loads(record.read_text("utf-8"))["step"] == 6
