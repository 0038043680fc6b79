"""Locks around libraries that have none of their own."""

from __future__ import annotations

import os
import threading


def library_lock() -> threading.Lock:
    """A lock for calls into a library that is not safe under threads.

    It is taken across a fork, so that a worker process never starts from the middle of another thread's call: there
    the library would be half changed, and the lock held by a thread that does not exist.
    """
    lock = threading.Lock()
    if hasattr(os, "register_at_fork"):  # not on Windows, where no process is forked
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
    return lock
