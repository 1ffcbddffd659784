"""Outputs computed once, whoever asks: reuse, breaks, damage, several at a time."""

import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_cache import FEATURES
from tiny_cache import LENGTHS
from tiny_cache import CountingTeacher
from tiny_cache import assert_near
from tiny_cache import cached
from tiny_cache import encoded_batches
from tiny_cache import live
from tiny_cache import look_up
from tiny_cache import some_batches
from tiny_training import TEACHER
from tiny_training import make_classifier
from tiny_training import make_encoded
from tiny_words import BILSTM
from tiny_words import VOCAB_SIZE
from tiny_words import make_model

from distill_tf.errors import DistillError
from distill_tf.teacher_cache import build as build_module
from distill_tf.teacher_cache.chunk import Chunk
from distill_tf.teacher_cache.chunk import DamagedChunkError
from distill_tf.text import EncodedPairs
from distill_tf.text.pair_layout import SeparateLayout

EVERYONE = np.arange(len(LENGTHS))
MODULE = sys.modules[build_module.__module__]


@pytest.fixture
def small_files(monkeypatch):
    """Three or four rows a file."""
    monkeypatch.setattr(MODULE, "_TOKENS_A_FILE", 20)


def files(folder):
    return sorted(folder.rglob("*.arrow"))


def assert_as_live(outputs, batches, teacher, features=FEATURES, indices=EVERYONE):
    inputs = batches.teacher_inputs(indices)
    found = outputs.batch(indices, inputs)
    expected = live(batches, indices, teacher, features)
    assert_near(found, expected, inputs.get("padding_mask"))


@pytest.mark.parametrize("indices", [[3], [4, 0, 4, 10], range(11)], ids=str)
def test_outputs_are_the_teachers_in_any_order(tmp_path, small_files, indices):
    batches, teacher = some_batches(), CountingTeacher()
    outputs, computed = cached(tmp_path, batches, teacher)
    assert computed == len(LENGTHS)
    assert len(files(tmp_path)) >= 3
    assert_as_live(outputs, batches, teacher, indices=np.array(indices))


def test_the_teacher_may_take_a_batch_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(MODULE, "inference_parts", lambda: 2)
    batches, teacher = some_batches(), CountingTeacher()
    outputs, computed = cached(tmp_path, batches, teacher)
    assert computed == len(LENGTHS)
    assert_as_live(outputs, batches, teacher)


def test_what_was_just_written_is_not_read_back(tmp_path, small_files, monkeypatch):
    """So that memory does not grow with the data while it is built."""
    checked, check = set(), Chunk._check

    def note(self, name, *arrays):
        checked.add(name)
        check(self, name, *arrays)

    monkeypatch.setattr(Chunk, "_check", note)
    cached(tmp_path, some_batches(), CountingTeacher())
    assert checked == {"key"}
    cached(tmp_path, some_batches(), CountingTeacher())
    assert {"key", "logits"} < checked


def test_a_second_run_asks_nothing_but_one_example(tmp_path):
    cached(tmp_path, some_batches(), CountingTeacher())
    teacher = CountingTeacher()
    outputs, computed = cached(tmp_path, some_batches(), teacher)
    assert (computed, teacher.asked) == (0, 1)
    assert_as_live(outputs, some_batches(), teacher)


def test_other_outputs_are_added(tmp_path):
    batches, teacher = some_batches(), CountingTeacher()
    logits = {"logits": None}
    assert cached(tmp_path, batches, teacher, logits)[1] == len(LENGTHS)
    assert cached(tmp_path, batches, teacher, FEATURES)[1] == len(LENGTHS)
    columns = {name for path in files(tmp_path) for name in columns_in(path)}
    assert sum(len(columns_in(path)) for path in files(tmp_path)) == len(columns) == 7
    for fewer in (logits, {"hidden_states": (3,), "padding_mask": None}):
        outputs, computed = cached(tmp_path, batches, teacher, fewer)
        assert computed == 0
        assert_as_live(outputs, batches, teacher, fewer)


def columns_in(path):
    return Chunk(path).columns


def test_more_examples_cost_only_what_is_new(tmp_path):
    batches, teacher = some_batches(), CountingTeacher()
    encoded = make_encoded(LENGTHS)
    some = encoded_batches(rows_of(encoded, [2, 5, 7, 9]))
    assert cached(tmp_path, some, teacher)[1] == 4
    outputs, computed = cached(tmp_path, batches, teacher)
    assert computed == len(LENGTHS) - 4
    assert_as_live(outputs, batches, teacher)
    # A subset, twice over and in another order, costs nothing.
    other = encoded_batches(rows_of(encoded, [9, 2, 9, 2, 5]))
    outputs, computed = cached(tmp_path, other, teacher)
    assert computed == 0
    assert_as_live(outputs, other, teacher, indices=np.arange(5))


def rows_of(encoded, indices):
    lengths = encoded.lengths[indices]
    chosen = make_encoded(lengths)
    for name in ("token_ids", "segment_ids"):
        source, target = getattr(encoded, name), getattr(chosen, name)
        starts = zip(indices, chosen.row_splits, lengths, strict=False)
        for i, start, length in starts:
            begin = encoded.row_splits[i]
            target[start : start + length] = source[begin : begin + length]
    return chosen


@pytest.mark.parametrize("what", ["weights", "data"])
def test_what_changed_never_meets_old_outputs(tmp_path, what):
    batches, teacher = some_batches(), CountingTeacher()
    cached(tmp_path, batches, teacher)
    if what == "weights":
        teacher = CountingTeacher(make_classifier(TEACHER, seed=5))
    else:
        batches = some_batches(seed=9)
    outputs, computed = cached(tmp_path, batches, teacher)
    assert computed == len(LENGTHS)
    assert_as_live(outputs, batches, teacher)


def test_a_broken_off_build_goes_on(tmp_path, small_files, monkeypatch):
    batches, teacher, writes = some_batches(), CountingTeacher(), []
    write_chunk = MODULE.write_chunk

    def break_off(path, keys, columns):
        if writes:
            (path.parent / f".half.{path.name}").write_bytes(b"half a file")
            raise KeyboardInterrupt
        writes.append(len(keys))
        write_chunk(path, keys, columns)

    monkeypatch.setattr(MODULE, "write_chunk", break_off)
    with pytest.raises(KeyboardInterrupt):
        cached(tmp_path, batches, teacher)
    monkeypatch.setattr(MODULE, "write_chunk", write_chunk)
    outputs, computed = cached(tmp_path, batches, teacher)
    assert 0 < computed == len(LENGTHS) - writes[0]
    assert_as_live(outputs, batches, teacher)


def test_what_killed_runs_left_is_removed_once_nobody_can_be_at_it(tmp_path):
    batches, teacher = some_batches(), CountingTeacher()
    cached(tmp_path, batches, teacher)
    (path,) = files(tmp_path)
    old, young = (path.with_name(f".{c * 12}.{path.name}") for c in "ab")
    for leftover in (old, young):
        leftover.write_bytes(b"half a file")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(old, (two_days_ago, two_days_ago))
    cached(tmp_path, batches, teacher)
    assert young.exists() and not old.exists()


def test_a_damaged_file_is_computed_again(tmp_path, small_files, caplog):
    batches, teacher = some_batches(), CountingTeacher()
    first, _ = cached(tmp_path, batches, teacher)
    before = first.batch(EVERYONE, batches.teacher_inputs(EVERYONE))
    damaged = files(tmp_path)[1]
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0x10
    damaged.write_bytes(content)
    outputs, computed = cached(tmp_path, batches, teacher)
    (told,) = caplog.messages
    assert told.startswith(f"{damaged} is damaged (") and "computed again" in told
    assert 0 < computed < len(LENGTHS)
    after = outputs.batch(EVERYONE, batches.teacher_inputs(EVERYONE))
    # The same rows in the same batches, so the same bits.
    np.testing.assert_array_equal(after["logits"], before["logits"])
    np.testing.assert_array_equal(
        after["hidden_states"][1].view("u2"), before["hidden_states"][1].view("u2")
    )


def test_a_file_that_cannot_be_read_is_told_and_stays(tmp_path, monkeypatch):
    batches, teacher = some_batches(), CountingTeacher()
    cached(tmp_path, batches, teacher)

    def refuse(path):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("distill_tf.teacher_cache.chunk.pa.memory_map", refuse)
    with pytest.raises(DistillError, match=r"Too many open files\); mend that, or"):
        cached(tmp_path, batches, teacher)
    assert len(files(tmp_path)) == 1


def test_a_file_that_another_run_mended_meanwhile_stays(tmp_path, monkeypatch):
    batches, teacher = some_batches(), CountingTeacher()
    cached(tmp_path, batches, teacher)
    (path,) = files(tmp_path)
    good = path.read_bytes()

    class Mended(Chunk):
        def __init__(self, path):
            other = path.with_suffix(".new")
            other.write_bytes(good)
            other.replace(path)
            raise DamagedChunkError("it was")

    monkeypatch.setattr("distill_tf.teacher_cache.stored_rows.Chunk", Mended)
    stored, *_ = look_up(tmp_path, batches, teacher)
    assert stored.incomplete().all()
    assert path.read_bytes() == good


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path):
    batches, teacher = some_batches(), CountingTeacher()
    stored, *_ = look_up(tmp_path, batches, teacher)
    stored.folder.mkdir(parents=True, exist_ok=True)
    (stored.folder / ".locks").write_text("a file")
    with pytest.raises(DistillError, match="could not be written .*teacher_cache=off"):
        cached(tmp_path, batches, teacher)


def test_damage_that_nobody_reads_stays(tmp_path):
    batches, teacher = some_batches(), CountingTeacher()
    cached(tmp_path, batches, teacher)
    (path,) = files(tmp_path)
    stored, distinct, _ = look_up(tmp_path, batches, teacher)
    states = next(each for each in stored.columns if each.output == "hidden_states")
    values = stored.gather(states, np.arange(len(distinct))).tobytes()
    content = bytearray(path.read_bytes())
    content[content.index(values)] ^= 1
    path.write_bytes(content)
    assert cached(tmp_path, batches, teacher, {"logits": None})[1] == 0
    assert cached(tmp_path, batches, teacher, FEATURES)[1] == len(LENGTHS)


def test_runs_at_the_same_time_share_the_work(tmp_path, small_files):
    batches = some_batches()
    begin = threading.Barrier(2)

    def run(teacher):
        begin.wait()
        outputs, computed = cached(tmp_path, batches, teacher)
        return outputs.batch(EVERYONE, batches.teacher_inputs(EVERYONE)), computed

    with ThreadPoolExecutor(2) as pool:
        (first, once), (second, rest) = pool.map(
            run, [CountingTeacher(), CountingTeacher()]
        )
    assert once + rest == len(LENGTHS)
    np.testing.assert_array_equal(first["logits"], second["logits"])


ONE_OF_TWO = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tiny_cache import CountingTeacher, cached, some_batches
from distill_tf.teacher_cache import build
sys.modules[build.__module__]._TOKENS_A_FILE = 20
Path(sys.argv[1], sys.argv[3]).touch()
while len(list(Path(sys.argv[1]).glob("ready*"))) < 2:
    pass
outputs, computed = cached(Path(sys.argv[1]), some_batches(), CountingTeacher())
batch = outputs.batch(np.arange(11), some_batches().teacher_inputs(np.arange(11)))
print(computed, batch["logits"].tobytes().hex())
"""


@pytest.mark.slow
def test_two_processes_share_the_work(tmp_path):
    command = [
        sys.executable,
        "-c",
        ONE_OF_TWO,
        str(tmp_path),
        str(Path(__file__).parent),
    ]
    processes = [
        subprocess.Popen(
            [*command, f"ready{i}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for i in range(2)
    ]
    said = [process.communicate(timeout=300)[0].split()[-2:] for process in processes]
    assert sum(int(computed) for computed, _ in said) == len(LENGTHS)
    assert said[0][1] == said[1][1]
    assert cached(tmp_path, some_batches(), CountingTeacher())[1] == 0


def test_a_teacher_that_reads_in_its_own_way(tmp_path):
    batches = encoded_batches(
        make_encoded(LENGTHS), teacher=make_encoded(LENGTHS + 2, seed=8)
    )
    teacher = CountingTeacher()
    outputs, _ = cached(tmp_path, batches, teacher)
    assert_as_live(outputs, batches, teacher)
    for x, _ in batches.with_teacher_outputs(outputs).epoch(0):
        assert x.keys() == {"student", "teacher_outputs", "example_ids"}


def test_a_teacher_of_pairs_text_by_text(tmp_path):
    pairs = EncodedPairs(
        make_encoded(LENGTHS, vocab_size=VOCAB_SIZE),
        make_encoded(LENGTHS[::-1], seed=1, vocab_size=VOCAB_SIZE),
        SeparateLayout((LENGTHS.max(), LENGTHS.max())),
    )
    batches = encoded_batches(pairs)
    teacher = CountingTeacher(make_model(replace(BILSTM, is_pair=True)))
    features = {"logits": None, "features": None, "padding_mask": None}
    outputs, _ = cached(tmp_path, batches, teacher, features)
    assert_as_live(outputs, batches, teacher, features)


class Two:
    """Two models that read texts in their own ways."""

    def __init__(self):
        self.parts = tuple(make_classifier(TEACHER, seed=seed) for seed in (2, 4))
        self.num_classes = 3

    def compute_outputs(self, inputs, training=None):
        logits = [
            part.compute_outputs(each, training=training)["logits"]
            for part, each in zip(self.parts, inputs, strict=True)
        ]
        return {"logits": sum(logits)}


def test_an_ensemble_that_reads_in_two_ways(tmp_path, monkeypatch):
    batches = some_batches()
    read = batches.teacher_inputs
    other = some_batches(LENGTHS + 1, seed=6).teacher_inputs
    monkeypatch.setattr(batches, "teacher_inputs", lambda i: (read(i), other(i)))
    outputs, computed = cached(tmp_path, batches, Two(), {"logits": None})
    assert computed == len(LENGTHS)
    found = outputs.batch(EVERYONE, batches.teacher_inputs(EVERYONE))
    expected = live(batches, EVERYONE, Two(), {"logits": None})
    np.testing.assert_allclose(found["logits"], expected["logits"], rtol=1e-5)
