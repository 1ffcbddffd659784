"""Freed memory is kept where glibc can be told so, and nothing breaks elsewhere."""

import platform
import sys

from distill_tf.training.memory import keep_freed_memory


def test_glibc_is_told():
    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory() is False
