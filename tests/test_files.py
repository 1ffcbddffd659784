"""Tests of atomic writing."""

import errno
import json
import os
import shutil
import time

import pytest

from distill_tf.errors import DistillError
from distill_tf.files import atomic_path
from distill_tf.files import check_free_space
from distill_tf.files import remove_leftovers
from distill_tf.files import write_json_atomically
from distill_tf.files import write_text_atomically


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_text_is_written_byte_for_byte_into_a_new_folder(tmp_path):
    path = tmp_path / "new" / "a.txt"
    write_text_atomically(path, "é\r\nb\n")
    write_text_atomically(path, "ü\r\nb\n")
    assert path.read_bytes() == "ü\r\nb\n".encode()
    assert names(path.parent) == ["a.txt"]


def test_json_round_trip(tmp_path):
    path = tmp_path / "a.json"
    write_json_atomically(path, {"naïve": [1, 0.5, None]})
    assert json.loads(path.read_text("utf-8")) == {"naïve": [1, 0.5, None]}
    assert "naïve" in path.read_text("utf-8")
    assert path.read_text("utf-8").endswith("}\n")


def test_json_refuses_nan_and_leaves_the_file(tmp_path):
    path = tmp_path / "a.json"
    write_json_atomically(path, 1)
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json_atomically(path, float("nan"))
    assert path.read_text("utf-8") == "1\n"


def test_temporary_path_is_a_free_sibling_with_the_same_extension(tmp_path):
    with atomic_path(tmp_path / "best.weights.h5") as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.endswith(".weights.h5")
        assert not temporary.exists()
        temporary.write_text("x", "utf-8")
    assert names(tmp_path) == ["best.weights.h5"]


def make(path, kind, content):
    if kind == "folder":
        path.mkdir()
        path = path / "inside"
    path.write_text(content, "utf-8")


def content_of(path):
    return (path / "inside" if path.is_dir() else path).read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("absent", "file"),
        ("absent", "folder"),
        ("file", "file"),
        ("file", "folder"),
        ("folder", "folder"),
    ],
)
def test_new_replaces_old(tmp_path, old, new):
    path = tmp_path / "target"
    if old != "absent":
        make(path, old, "old")
    with atomic_path(path) as temporary:
        make(temporary, new, "new")
        if old != "absent":
            assert content_of(path) == "old"
    assert content_of(path) == "new"
    assert names(tmp_path) == ["target"]


def test_a_file_never_replaces_a_folder(tmp_path):
    path = tmp_path / "results"
    make(path, "folder", "precious")
    with pytest.raises(DistillError, match="results should be a file, but is a folder"):
        write_json_atomically(path, 1)
    assert content_of(path) == "precious"
    assert names(tmp_path) == ["results"]


@pytest.mark.parametrize("name", ["file/a.json", "file/below/a.json"])
def test_a_file_where_a_folder_should_be_is_the_users_to_mend(tmp_path, name):
    make(tmp_path / "file", "file", "old")
    with pytest.raises(DistillError, match=r"a.json could not be written \("):
        write_json_atomically(tmp_path / name, 1)
    assert content_of(tmp_path / "file") == "old"


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path, monkeypatch, kind
):
    path, events, rename = tmp_path / "target", [], os.replace
    make(path, kind, "old")

    def replace(source, target):
        events.append(target)
        rename(source, target)

    monkeypatch.setattr(os, "fsync", lambda file: events.append(os.fstat(file).st_ino))
    monkeypatch.setattr(os, "replace", replace)
    with atomic_path(path) as temporary:
        make(temporary, kind, "new")
    content = path / "inside" if kind == "folder" else path
    order = [content.stat().st_ino, path, tmp_path.stat().st_ino]
    assert [each for each in events if each in order] == order


def test_a_disk_that_offers_no_flushing_is_written_to(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    write_text_atomically(tmp_path / "a.txt", "a")
    assert (tmp_path / "a.txt").read_text("utf-8") == "a"


def test_a_disk_that_turns_out_full_when_flushed_leaves_the_old(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    make(tmp_path / "a.txt", "file", "old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DistillError, match=r"could not be written \(No space left"):
        write_text_atomically(tmp_path / "a.txt", "new")
    assert content_of(tmp_path / "a.txt") == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_leftovers_of_killed_writes_are_removed(tmp_path, kind):
    """The name is what the block was given, which a kill would leave."""
    kept = [".hidden", ".0123456789ab", ".target.previous", "target"]
    for name in kept:
        make(tmp_path / name, kind, name)
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "new") as leftover:
        pass
    make(leftover, kind, "half")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == sorted(kept)
    remove_leftovers(tmp_path / "absent")


def test_room_is_looked_for_before_it_is_taken(tmp_path, monkeypatch):
    check_free_space(tmp_path / "new", 1000)
    usage = shutil.disk_usage(tmp_path)._replace(free=5 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    check_free_space(tmp_path / "new", 1000)
    with pytest.raises(DistillError, match="needs 3 MB on disk, but 5 MB are free"):
        check_free_space(tmp_path / "new", 3_000_000)


def test_leftovers_of_one_name_alone(tmp_path):
    for name in ("target", "other"):
        make(tmp_path / f".0123456789ab.{name}", "file", "half")
    remove_leftovers(tmp_path, of="target")
    assert names(tmp_path) == [".0123456789ab.other"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_young_leftovers_may_be_at_work(tmp_path, kind):
    leftover = tmp_path / ".0123456789ab.target"
    make(leftover, kind, "half")
    long_ago = time.time() - 100
    os.utime(leftover, (long_ago, long_ago))
    # A folder is as young as what was last written to in it.
    remove_leftovers(tmp_path, older_than_seconds=10 if kind == "folder" else 1000)
    assert leftover.exists()
    for path in (leftover, *leftover.rglob("*")):
        os.utime(path, (long_ago, long_ago))
    remove_leftovers(tmp_path, older_than_seconds=10)
    assert not leftover.exists()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_failure_leaves_the_old_and_no_trace(tmp_path, kind):
    path = tmp_path / "target"
    make(path, kind, "old")
    with pytest.raises(KeyboardInterrupt), atomic_path(path) as temporary:
        make(temporary, kind, "half")
        raise KeyboardInterrupt
    assert content_of(path) == "old"
    assert names(tmp_path) == ["target"]


def test_folder_comes_back_when_the_second_rename_fails(tmp_path):
    path = tmp_path / "target"
    make(path, "folder", "old")
    with pytest.raises(FileNotFoundError), atomic_path(path):
        pass  # The block writes nothing, so there is nothing to rename.
    assert content_of(path) == "old"
    assert names(tmp_path) == ["target"]


@pytest.mark.parametrize("target_exists", [True, False])
def test_leftover_of_a_killed_process_is_cleared(tmp_path, target_exists):
    path = tmp_path / "target"
    make(tmp_path / ".target.previous", "folder", "older")
    if target_exists:
        make(path, "folder", "old")
    with atomic_path(path) as temporary:
        make(temporary, "folder", "new")
    assert content_of(path) == "new"
    assert names(tmp_path) == ["target"]


def test_symbolic_link_stays(tmp_path):
    (tmp_path / "disk").mkdir()
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "disk" / "real.txt")
    write_text_atomically(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "disk" / "real.txt").read_text("utf-8") == "new"


def test_full_disk_is_the_users_to_mend(tmp_path):
    path = tmp_path / "target"
    make(path, "file", "old")
    with (
        pytest.raises(DistillError, match=r"target could not be written \(No space"),
        atomic_path(path) as temporary,
    ):
        make(temporary, "file", "half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert content_of(path) == "old"
    assert names(tmp_path) == ["target"]
