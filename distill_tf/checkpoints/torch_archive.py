"""Reads the tensors of PyTorch's pytorch_model.bin without PyTorch.

A .bin is a zip archive: `data.pkl` describes the tensors (see `torch_pickle`), and
`data/KEY` are the raw bytes of their storages. The arrays are built here, after every
number of the description has been checked against the bytes that are there.

The format: docs/source/notes/serialization.rst of pytorch/pytorch. Deliberately
narrower than `torch.load(weights_only=True)`: no tensor larger than its storage.
"""

import math
import zipfile
from pathlib import Path

import numpy as np

from distill_tf.checkpoints.arrays import BFLOAT16
from distill_tf.checkpoints.torch_pickle import StorageDescription
from distill_tf.checkpoints.torch_pickle import TensorDescription
from distill_tf.checkpoints.torch_pickle import read_pickle
from distill_tf.errors import DistillError

_STORAGE_DTYPES = {
    "DoubleStorage": np.dtype("<f8"),
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "BFloat16Storage": BFLOAT16,
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "ShortStorage": np.dtype("<i2"),
    "CharStorage": np.dtype("i1"),
    "ByteStorage": np.dtype("u1"),
    "BoolStorage": np.dtype("?"),
}


def read_torch_state_dict(path: str | Path) -> dict[str, np.ndarray]:
    """Reads a dict of tensors that `torch.save` wrote.

    Args:
        path: a file of PyTorch 1.6 or later.

    Returns:
        Arrays in the file's own dtypes, which may share memory.

    Raises:
        DistillError: the file is in the format of before PyTorch 1.6, is truncated
            or corrupt, names anything that a dict of tensors does not need, or
            holds something else.
    """
    path = Path(path)
    if not zipfile.is_zipfile(path):
        raise DistillError(_describe_unreadable(path))
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_archive(archive, path)
    except (zipfile.BadZipFile, EOFError) as error:
        raise DistillError(
            f"{path} is corrupt ({error}); fetch it again, or give the "
            "model.safetensors."
        ) from error


def _read_archive(archive: zipfile.ZipFile, path: Path) -> dict[str, np.ndarray]:
    # torch.save never compresses; a compressed entry could be a zip bomb.
    packed = [e.filename for e in archive.infolist() if e.compress_type]
    if packed:
        raise DistillError(
            f"{path} was expected to be an uncompressed zip archive, as torch.save "
            f"writes, but {packed[0]} is compressed; save its state_dict again."
        )
    pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise DistillError(
            f"{path} was expected to hold one data.pkl, as torch.save writes, but "
            f"holds {len(pickles)}; give a file of weights."
        )
    root = pickles[0].removesuffix("data.pkl")
    _check_byte_order(archive, root, path)
    with archive.open(pickles[0]) as file:
        state_dict = read_pickle(file, path)
    if not isinstance(state_dict, dict):
        raise DistillError(
            f"{path} was expected to hold a dict of tensors, but holds a "
            f"{type(state_dict).__name__}; save the model's state_dict alone."
        )
    storages: dict[StorageDescription, np.ndarray] = {}
    arrays = {}
    for name, tensor in state_dict.items():
        if not isinstance(name, str) or not isinstance(tensor, TensorDescription):
            raise DistillError(
                f"{path} was expected to hold tensors only, but {name!r} is a "
                f"{type(tensor).__name__}; save the model's state_dict alone."
            )
        storage = tensor.storage
        if storage not in storages:
            storages[storage] = _read_storage(archive, root, storage, path)
        arrays[name] = _view(storages[storage], tensor, name, path)
    return arrays


def _check_byte_order(archive: zipfile.ZipFile, root: str, path: Path) -> None:
    # Files of before PyTorch 2.1 have no such entry and are little-endian.
    name = f"{root}byteorder"
    if name in archive.namelist() and archive.read(name) != b"little":
        raise DistillError(
            f"{path} was expected in little-endian byte order, but is "
            f"{archive.read(name)!r}; save it again on an ordinary machine."
        )


def _read_storage(
    archive: zipfile.ZipFile, root: str, storage: StorageDescription, path: Path
) -> np.ndarray:
    name = f"{root}data/{storage.key}"
    dtype = _STORAGE_DTYPES[storage.type_name]
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise DistillError(
            f"{path} lacks the storage {name} that its tensors refer to; fetch it "
            "again."
        ) from error
    expected = storage.size * dtype.itemsize
    if entry.file_size != expected:
        raise DistillError(
            f"the storage {name} in {path} was expected to have {expected} bytes, but "
            f"has {entry.file_size}; fetch the file again."
        )
    return np.frombuffer(archive.read(entry), dtype)


def _view(
    storage: np.ndarray, tensor: TensorDescription, name: str, path: Path
) -> np.ndarray:
    """The tensor as a strided view, after checking that it lies in its storage."""
    # The stride of an axis of length 1 means nothing and may be anything.
    strides = [
        stride if size > 1 else 0
        for size, stride in zip(tensor.shape, tensor.strides, strict=True)
    ]
    count = math.prod(tensor.shape)
    last = tensor.offset + sum(
        (size - 1) * stride for size, stride in zip(tensor.shape, strides, strict=True)
    )
    # With strides of 0 a small file could mean a huge tensor; weights have none.
    if not 0 < count <= storage.size or last >= storage.size:
        raise DistillError(
            f"{name} in {path} does not lie in its storage of {storage.size} numbers "
            f"(shape {list(tensor.shape)}, offset {tensor.offset}); fetch the file "
            "again."
        )
    return np.lib.stride_tricks.as_strided(
        storage[tensor.offset :],
        tensor.shape,
        [stride * storage.itemsize for stride in strides],
        writeable=False,
    )


def _describe_unreadable(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    if start[:1] == b"\x80":
        return (
            f"{path} is in the format of before PyTorch 1.6, which cannot be read "
            "safely; save it again with torch.save(torch.load(path, "
            "weights_only=True), path), or give the model.safetensors."
        )
    if start == b"PK":
        return f"{path} is truncated: its zip directory is absent; fetch it again."
    return (
        f"{path} was expected to be a zip archive, as torch.save writes, but starts "
        f"with {start!r}; fetch it again."
    )
