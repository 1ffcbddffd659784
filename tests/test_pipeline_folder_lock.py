"""The lock of a run's folder: between objects, threads and processes."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from distill_tf.errors import DistillError
from distill_tf.pipeline.folder_lock import FolderLock

# Never as long as that: it ends when it is killed.
SECONDS = 300
HOLDER = f"""
import sys, time
from pathlib import Path
from distill_tf.pipeline.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep({SECONDS})
"""


def test_a_taken_folder_is_refused_until_it_is_free(tmp_path):
    first, second = FolderLock(tmp_path / "run"), FolderLock(tmp_path / "run")
    first.acquire()
    first.acquire()
    with pytest.raises(DistillError, match="run is in use by another process that"):
        second.acquire()
    second.release()  # Does not take it away from the first one.
    with pytest.raises(DistillError, match="in use by another process"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    assert not list((tmp_path / "run").iterdir())


def test_waiting_for_a_taken_folder(tmp_path):
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.acquire()
    waiting = threading.Thread(target=second.acquire, kwargs={"waits": True})
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    first.release()
    waiting.join(SECONDS)
    assert not waiting.is_alive()
    with pytest.raises(DistillError, match="in use by another process"):
        first.acquire()


def test_a_kill_frees_the_folder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        lock = FolderLock(tmp_path)
        try:
            assert process.stdout.readline() == "held\n"
            with pytest.raises(DistillError, match="in use by another process"):
                lock.acquire()
        finally:
            os.kill(process.pid, signal.SIGKILL)
    lock.acquire()
    lock.release()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DistillError, match="could not be written .*output_dir that"):
        FolderLock(tmp_path / "file" / "run").acquire()
