"""Google's released BERT models by name, fetched from its public storage."""

import os
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from pathlib import PurePosixPath

import keras

from distill_tf.errors import DistillError

_STORAGE = "https://storage.googleapis.com/bert_models"
_RELEASES = {
    "2018_10_18": (
        "uncased_L-12_H-768_A-12",
        "uncased_L-24_H-1024_A-16",
        "cased_L-12_H-768_A-12",
        "cased_L-24_H-1024_A-16",
    ),
    "2018_11_03": ("multilingual_L-12_H-768_A-12", "chinese_L-12_H-768_A-12"),
    "2018_11_23": ("multi_cased_L-12_H-768_A-12",),
    "2019_05_30": ("wwm_uncased_L-24_H-1024_A-16", "wwm_cased_L-24_H-1024_A-16"),
    # Turc et al., arXiv:1908.08962. Its retrained 12 x 768 has the name of the
    # original, and the original is what the name stands for here.
    "2020_02_20": tuple(
        f"uncased_L-{layers}_H-{hidden}_A-{hidden // 64}"
        for layers in (2, 4, 6, 8, 10, 12)
        for hidden in (128, 256, 512, 768)
        if (layers, hidden) != (12, 768)
    ),
}
_MEMBERS = (
    "bert_config.json",
    "vocab.txt",
    "bert_model.ckpt.index",
    "bert_model.ckpt.data-00000-of-00001",
)


def google_model_url(name: str) -> str | None:
    """The address of a released model's zip file, or None if there is no such model."""
    for date, names in _RELEASES.items():
        if name in names:
            return f"{_STORAGE}/{date}/{name}.zip"
    return None


def fetch_google_model(name: str, download_dir: str | Path) -> Path:
    """The folder of a released model, downloaded unless it is there.

    Each file appears in the folder whole; an interrupted download leaves none.

    Raises:
        DistillError: the storage cannot be reached, or what came is damaged.
        ValueError: there is no model of this name.
    """
    url = google_model_url(name)
    if url is None:
        raise ValueError(f"no released model is called {name!r}")
    folder = Path(download_dir) / name
    if all((folder / member).is_file() for member in _MEMBERS):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as working:
            _fetch(url, Path(working), folder)
    except OSError as error:
        raise DistillError(
            f"{url} cannot be kept in {folder.absolute()} ({error.strerror}); free "
            "some space, or start in a folder that may be written to, or give the path "
            "of a checkpoint."
        ) from error
    return folder


def _fetch(url: str, working: Path, folder: Path) -> None:
    archive = _download(url, str(working), folder)
    try:
        _unpack(archive, working)
    except (zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise DistillError(
            f"{url} was expected to be a zip file of {', '.join(_MEMBERS)}, but is "
            f"not ({error}); try again, or put them into {folder.absolute()}."
        ) from error
    folder.mkdir(exist_ok=True)
    for member in _MEMBERS:
        os.replace(working / member, folder / member)


def _download(url: str, working: str, folder: Path) -> str:
    try:
        return keras.utils.get_file(origin=url, cache_dir=working, cache_subdir="")
    # get_file raises a bare Exception for whatever the network does.
    except Exception as error:
        raise DistillError(
            f"{url} cannot be fetched ({error}); put {', '.join(_MEMBERS)} into "
            f"{folder.absolute()}, or give the path of a checkpoint."
        ) from error


def _unpack(archive: str, folder: Path) -> None:
    """Extracts the files of `_MEMBERS`, which are in a folder or at the top."""
    with zipfile.ZipFile(archive) as opened:
        found = {PurePosixPath(entry).name: entry for entry in opened.namelist()}
        for member in _MEMBERS:
            with (
                opened.open(found[member]) as source,
                (folder / member).open("wb") as target,
            ):
                shutil.copyfileobj(source, target)
