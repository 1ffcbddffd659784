"""Writes files like torch.save's without PyTorch, sound ones and hostile ones."""

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

_STORAGE_TYPES = {
    "float64": "DoubleStorage",
    "float32": "FloatStorage",
    "float16": "HalfStorage",
    "bfloat16": "BFloat16Storage",
    "int64": "LongStorage",
    "uint8": "ByteStorage",
}


class Global:
    """Pickles as the bare name of something, imported or not."""

    def __init__(self, module: str, name: str):
        self.module, self.name = module, name


class Call:
    """Pickles as a call of a `Global`."""

    def __init__(self, function: Global, *args):
        self.function, self.args = function, args


class StorageId:
    """Pickles as a persistent id."""

    def __init__(self, *identifier):
        self.identifier = identifier


class _Pickler(pickle._Pickler):
    """The pure-Python pickler, so that names need not be importable."""

    def persistent_id(self, value):
        return value.identifier if isinstance(value, StorageId) else None

    def save(self, value, save_persistent_id=True):
        if isinstance(value, Global):
            self.write(f"c{value.module}\n{value.name}\n".encode())
        elif isinstance(value, Call):
            self.save(value.function)
            self.save(value.args)
            self.write(pickle.REDUCE)
        else:
            super().save(value, save_persistent_id)


def tensor(key, shape, strides, *, offset=0, size, storage="FloatStorage"):
    """The pickled description of a tensor."""
    return Call(
        Global("torch._utils", "_rebuild_tensor_v2"),
        StorageId("storage", Global("torch", storage), key, "cpu", size),
        offset,
        shape,
        strides,
        False,
        OrderedDict(),
    )


def write_pickle(path: Path, content, storages=None, **options) -> Path:
    """Writes an archive whose data.pkl describes `content`."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=2).dump(content)
    return write_bytes(path, buffer.getvalue(), storages, **options)


def write_bytes(path: Path, data_pkl: bytes, storages=None, *, compression=0) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", data_pkl)
        for key, content in (storages or {}).items():
            archive.writestr(f"archive/data/{key}", content)
    return path


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """Writes arrays as torch.save writes a dict of contiguous tensors."""
    content, storages = {}, {}
    for key, (name, array) in enumerate(arrays.items()):
        strides = tuple(stride // array.itemsize for stride in array.strides)
        storage = _STORAGE_TYPES[array.dtype.name]
        content[name] = tensor(
            str(key), array.shape, strides, size=array.size, storage=storage
        )
        storages[str(key)] = array.tobytes()
    return write_pickle(path, content, storages)


def build_opcode(instance: bytes, attribute: str, value: bytes) -> bytes:
    """A pickle that sets an attribute of `instance`, given as opcodes."""
    name = attribute.encode()
    state = b"}X" + struct.pack("<I", len(name)) + name + value + b"s"
    return b"\x80\x02" + instance + b"N" + state + b"\x86b."
