"""Reading a .bin: sound tensors come out, damaged files are named."""

import os
import zipfile

import ml_dtypes
import numpy as np
import pytest
from torch_zip import tensor
from torch_zip import write_arrays
from torch_zip import write_pickle

from distill_tf.checkpoints.torch_archive import read_torch_state_dict
from distill_tf.errors import DistillError

TWELVE = np.arange(12, dtype="float32")


@pytest.mark.parametrize(
    "dtype", ["f8", "f4", "f2", ml_dtypes.bfloat16, "i8", "u1"], ids=str
)
def test_array_comes_back_in_its_dtype(tmp_path, dtype):
    array = TWELVE.reshape(3, 4).astype(dtype)
    path = write_arrays(tmp_path / "x.bin", {"a.weight": array, "b": array[0].copy()})
    arrays = read_torch_state_dict(path)
    np.testing.assert_array_equal(arrays["a.weight"], array, strict=True)
    np.testing.assert_array_equal(arrays["b"], array[0], strict=True)


def test_strides_and_offset(tmp_path):
    content = {
        "transposed": tensor("0", (4, 3), (1, 4), size=12),
        "last rows": tensor("0", (2, 4), (4, 1), offset=4, size=12),
        "scalar": tensor("0", (), (), offset=11, size=12),
        "any stride of a length of 1": tensor("0", (1, 12), (2**60, 1), size=12),
    }
    path = write_pickle(tmp_path / "x.bin", content, {"0": TWELVE.tobytes()})
    arrays = read_torch_state_dict(path)
    expected = TWELVE.reshape(3, 4)
    np.testing.assert_array_equal(arrays["transposed"], expected.T)
    np.testing.assert_array_equal(arrays["last rows"], expected[1:])
    assert arrays["scalar"] == 11
    np.testing.assert_array_equal(arrays["any stride of a length of 1"], [TWELVE])


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_files_of_torch_save(tmp_path, legacy):
    torch = pytest.importorskip("torch")
    layer = torch.nn.Linear(3, 2)
    state = layer.state_dict()
    state["transposed"] = torch.arange(12.0).reshape(3, 4).T
    state["parameter"] = torch.nn.Parameter(torch.ones(5, dtype=torch.bfloat16))
    path = tmp_path / "x.bin"
    torch.save(state, path, _use_new_zipfile_serialization=not legacy)
    if legacy:
        with pytest.raises(DistillError, match="before PyTorch 1.6.*save it again"):
            read_torch_state_dict(path)
        return
    arrays = read_torch_state_dict(path)
    assert arrays.keys() == state.keys()
    for name, value in state.items():
        expected = value.detach().to(torch.float64).numpy()
        np.testing.assert_array_equal(arrays[name].astype("f8"), expected)


@pytest.mark.parametrize(
    "description",
    [
        tensor("0", (13,), (1,), size=12),
        tensor("0", (3, 4), (4, 1), offset=1, size=12),
        tensor("0", (2,), (12,), size=12),
        tensor("0", (1000, 1000), (0, 0), size=12),
        tensor("0", (0, 3), (3, 1), size=12),
        tensor("0", (), (), offset=12, size=12),
    ],
)
def test_tensor_outside_its_storage(tmp_path, description):
    path = write_pickle(tmp_path / "x.bin", {"w": description}, {"0": TWELVE.tobytes()})
    with pytest.raises(DistillError, match="w in .* does not lie in its storage"):
        read_torch_state_dict(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "hold a dict of tensors, but holds a list"),
        ({"w": 3}, "hold tensors only, but 'w' is a int"),
        ({3: tensor("0", (3,), (1,), size=12)}, "hold tensors only, but 3 is"),
        ({"w": tensor("1", (3,), (1,), size=12)}, "lacks the storage archive/data/1"),
        ({"w": tensor("../0", (3,), (1,), size=12)}, "lacks the storage"),
        ({"w": tensor("0", (3,), (1,), size=13)}, "have 52 bytes, but has 48"),
    ],
)
def test_content_that_is_no_dict_of_tensors(tmp_path, content, message):
    path = write_pickle(tmp_path / "x.bin", content, {"0": TWELVE.tobytes()})
    with pytest.raises(DistillError, match=message):
        read_torch_state_dict(path)


def test_compressed_archive(tmp_path):
    path = write_pickle(tmp_path / "x.bin", {}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(DistillError, match="archive/data.pkl is compressed"):
        read_torch_state_dict(path)


def test_big_endian_archive(tmp_path):
    path = write_pickle(tmp_path / "x.bin", {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("archive/byteorder", "big")
    with pytest.raises(DistillError, match="little-endian"):
        read_torch_state_dict(path)


def test_truncated_archive(tmp_path):
    path = write_arrays(tmp_path / "x.bin", {"w": TWELVE})
    os.truncate(path, path.stat().st_size - 30)
    with pytest.raises(DistillError, match="truncated"):
        read_torch_state_dict(path)


def test_corrupt_storage(tmp_path):
    path = write_arrays(tmp_path / "x.bin", {"w": TWELVE})
    path.write_bytes(path.read_bytes().replace(TWELVE.tobytes(), b"\1" * 48))
    with pytest.raises(DistillError, match="corrupt"):
        read_torch_state_dict(path)


def test_no_archive_at_all(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1")
    with pytest.raises(DistillError, match="starts with b've'"):
        read_torch_state_dict(path)


def test_archive_without_a_pickle(tmp_path):
    path = tmp_path / "x.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "")
    with pytest.raises(DistillError, match="one data.pkl.*holds 0"):
        read_torch_state_dict(path)
