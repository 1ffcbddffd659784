"""The pickle inside a pytorch_model.bin, read without running it.

A pickle can call any function that it names. This reader resolves only the few
names that a dict of tensors needs, each to an inert stand-in without attributes that
the pickle could set, and gives descriptions of tensors instead of tensors.

The format: torch/_utils.py and torch/serialization.py of pytorch/pytorch.
Deliberately narrower than `torch.load(weights_only=True)`: dense tensors only.
"""

import pickle
import sys
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO
from typing import NamedTuple

from distill_tf.errors import DistillError

_STORAGE_TYPES = (
    "DoubleStorage",
    "FloatStorage",
    "HalfStorage",
    "BFloat16Storage",
    "LongStorage",
    "IntStorage",
    "ShortStorage",
    "CharStorage",
    "ByteStorage",
    "BoolStorage",
)
# What the unpickler is documented to raise on bytes that are no sound pickle.
_UNPICKLING_ERRORS = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
)


class StorageDescription(NamedTuple):
    """Where a tensor's numbers lie; a tuple, so that a pickle cannot alter it.

    `type_name` is a name of torch's such as "FloatStorage", `key` the name of the
    archive's entry, `size` the count of numbers.
    """

    type_name: str
    key: str
    size: int


class TensorDescription(NamedTuple):
    """A tensor's place in its storage, offsets and strides in elements."""

    storage: StorageDescription
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_pickle(file: BinaryIO, path: Path) -> object:
    """Unpickles plain containers, with a `TensorDescription` for each tensor.

    Args:
        file: the pickle.
        path: the file it is part of, for messages.

    Raises:
        DistillError: the pickle is not sound, or names anything that a dict of
            tensors does not need.
    """
    try:
        return _StateDictUnpickler(file, path).load()
    except _UNPICKLING_ERRORS as error:
        raise DistillError(
            f"{path} holds no sound dict of tensors ({error}); save its state_dict "
            "again, or give the model.safetensors."
        ) from error


class _RebuildTensor:
    """Stands in for torch._utils._rebuild_tensor_v2."""

    __slots__ = ()

    def __call__(self, storage, offset, shape, strides, requires_grad, hooks, *_):
        if not (
            isinstance(storage, StorageDescription)
            and _are_sizes(shape)
            and _are_sizes(strides)
            and _are_sizes((offset,))
            and len(shape) == len(strides)
        ):
            raise pickle.UnpicklingError("the description of a tensor is malformed")
        return TensorDescription(storage, offset, shape, strides)


class _RebuildParameter:
    """Stands in for torch._utils._rebuild_parameter."""

    __slots__ = ()

    def __call__(self, data, requires_grad, hooks):
        if not isinstance(data, TensorDescription):
            raise pickle.UnpicklingError("the description of a parameter is malformed")
        return data


class _StateDictUnpickler(pickle.Unpickler):
    """Knows the names that a dict of tensors needs, and no others."""

    def __init__(self, file, path: Path):
        super().__init__(file)
        self._path = path

    def find_class(self, module: str, name: str):
        match (module, name):
            case ("collections", "OrderedDict"):
                return OrderedDict
            case ("torch._utils", "_rebuild_tensor_v2"):
                return _RebuildTensor()
            case ("torch._utils", "_rebuild_parameter"):
                return _RebuildParameter()
            case ("torch", _) if name in _STORAGE_TYPES:
                return name
        raise DistillError(
            f"{self._path} asks to load {module}.{name}, which a file of weights has "
            "no need of and which might run foreign code; give a model.safetensors, "
            "or save the plain state_dict again from a source that you trust."
        )

    def persistent_load(self, identifier):
        match identifier:
            case ("storage", str(type_name), str(key), str(), int(size)) if (
                type_name in _STORAGE_TYPES and _are_sizes((size,))
            ):
                return StorageDescription(type_name, key, size)
        raise pickle.UnpicklingError("the description of a storage is malformed")


def _are_sizes(numbers: object) -> bool:
    return isinstance(numbers, tuple) and all(
        type(number) is int and 0 <= number <= sys.maxsize for number in numbers
    )
