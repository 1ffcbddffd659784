"""What a pickle may ask for, and that nothing hostile runs."""

import os
import subprocess
import sys
import zipfile

import pytest
from torch_zip import Call
from torch_zip import Global
from torch_zip import StorageId
from torch_zip import build_opcode
from torch_zip import write_bytes
from torch_zip import write_pickle

from distill_tf.checkpoints.torch_archive import read_torch_state_dict
from distill_tf.errors import DistillError

STORAGES = {"0": bytes(48)}

CANARY = "was_here"
HOSTILE_GLOBALS = [
    Call(Global("os", "system"), f"touch {CANARY}"),
    Call(Global("posix", "system"), f"touch {CANARY}"),
    Call(Global("builtins", "eval"), f"open({CANARY!r}, 'w')"),
    Call(Global("builtins", "getattr"), Global("collections", "OrderedDict"), "mro"),
    Global("collections", "OrderedDict.__init__.__globals__"),
    Global("torch._utils", "_rebuild_tensor_v2.__call__"),
    Global("torch", "load"),
    Global("torch", "FloatStorage.__class__"),
    Global("numpy.core.multiarray", "_reconstruct"),
    Global("distill_tf.checkpoints.torch_pickle", "subprocess"),
]


@pytest.mark.parametrize(
    "content", HOSTILE_GLOBALS, ids=lambda c: getattr(c, "function", c).name
)
def test_foreign_names_are_refused_and_not_run(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    path = write_pickle(tmp_path / "x.bin", {"weight": content})
    called = getattr(content, "function", content)
    with pytest.raises(DistillError, match="asks to load") as caught:
        read_torch_state_dict(path)
    # getattr's own arguments hold an allowed name; the first refusal is named.
    assert f"{called.module}.{called.name}" in str(caught.value)
    assert not os.path.exists(CANARY)


def test_the_hostile_file_is_a_real_one(tmp_path, monkeypatch):
    # Shows that the pickles above would do harm in an ordinary unpickler.
    monkeypatch.chdir(tmp_path)
    path = write_pickle(tmp_path / "x.bin", HOSTILE_GLOBALS[0])
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "data.pkl").write_bytes(archive.read("archive/data.pkl"))
    subprocess.run([sys.executable, "-m", "pickle", "data.pkl"], check=True)
    assert os.path.exists(CANARY)


def storage_id(*changes):
    identifier = ["storage", Global("torch", "FloatStorage"), "0", "cpu", 12]
    for position, value in changes:
        identifier[position] = value
    return StorageId(*identifier)


def rebuild(*args):
    return Call(Global("torch._utils", "_rebuild_tensor_v2"), *args)


@pytest.mark.parametrize(
    "content",
    [
        rebuild(),
        rebuild("0", 0, (3,), (1,), False, None),
        rebuild(storage_id(), -1, (3,), (1,), False, None),
        rebuild(storage_id(), 0, (3,), (-1,), False, None),
        rebuild(storage_id(), 0, (3,), (1, 1), False, None),
        rebuild(storage_id(), 0, [3], (1,), False, None),
        rebuild(storage_id(), 0, (True,), (1,), False, None),
        rebuild(storage_id(), 0, (2**70,), (1,), False, None),
        rebuild(storage_id((0, "module")), 0, (3,), (1,), False, None),
        rebuild(storage_id((1, "Storage")), 0, (3,), (1,), False, None),
        rebuild(storage_id((4, -12)), 0, (3,), (1,), False, None),
        StorageId("/etc/passwd"),
        Call(Global("torch._utils", "_rebuild_parameter"), "os", True, None),
        Call(Global("collections", "OrderedDict"), 3, 4, 5),
        Call(Global("torch", "FloatStorage"), "os"),
    ],
)
def test_odd_arguments_of_allowed_names(tmp_path, content):
    path = write_pickle(tmp_path / "x.bin", {"w": content}, STORAGES)
    with pytest.raises(DistillError, match="no sound dict of tensors"):
        read_torch_state_dict(path)


@pytest.mark.parametrize(
    "instance",
    [
        b"ctorch._utils\n_rebuild_tensor_v2\n",
        b"ctorch._utils\n_rebuild_parameter\n",
        b"ctorch\nFloatStorage\n",
        b"ccollections\nOrderedDict\n",
    ],
)
def test_stand_ins_cannot_be_altered(tmp_path, instance):
    data_pkl = build_opcode(instance, "__call__", b"ccollections\nOrderedDict\n")
    path = write_bytes(tmp_path / "x.bin", data_pkl)
    with pytest.raises(DistillError, match="no sound dict of tensors"):
        read_torch_state_dict(path)


@pytest.mark.parametrize("data_pkl", [b"", b"\x80\x02", b"\xff", b"\x80\x02]q\x00."])
def test_corrupt_pickle(tmp_path, data_pkl):
    with pytest.raises(DistillError, match="x.bin"):
        read_torch_state_dict(write_bytes(tmp_path / "x.bin", data_pkl))
