"""Worker processes: started anew or forked, even while other threads are inside the libraries, they decide alike."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import kb
from engine import solve
from engine.decide import decide, ready
from engine.executors import durable
from engine.locks import library_lock
from engine.say.json import decision_json

ROOT = Path(__file__).parent.parent
DAY = datetime.date(2026, 6, 30)
SAMPLES = sorted((ROOT / "samples").glob("*.yaml"))
METHODS = [m for m in ("spawn", "forkserver", "fork") if m in multiprocessing.get_all_start_methods()]
can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked on this system")


def decided(sample: Path) -> tuple[int, dict[str, Any]]:
    """The decision of a sample with half its facts, so that the solver is asked too, and the process it was made in."""
    knowledge = kb.load(kb.shipped())
    whole = kb.read_dossier(sample, sample.name, knowledge.facts)
    half = whole._replace(facts={n: fact for number, (n, fact) in enumerate(whole.facts.items()) if number % 2})
    return os.getpid(), decision_json(decide(ready(knowledge, DAY), half), "id")


@pytest.mark.parametrize("method", METHODS)
def test_worker_processes_decide_alike(method: str) -> None:
    alone = [decided(sample)[1] for sample in SAMPLES]
    context = multiprocessing.get_context(method)
    with warnings.catch_warnings():
        # From 3.12 on Python warns of forking beside threads: this is what is tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(2, context) as pool:
            answers = list(pool.map(decided, SAMPLES))
    assert [answer for _, answer in answers] == alone
    assert os.getpid() not in {process for process, _ in answers}


@can_fork
def test_a_fork_waits_until_no_thread_is_inside_a_library() -> None:
    lock = library_lock()
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with lock:
            inside.set()
            leave.wait()
            order.append("left")

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait()
    threading.Timer(0.05, leave.set).start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(0 if lock.acquire(blocking=False) and order == ["left"] else 1)
    order.append("forked")
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert order == ["left", "forked"]
    assert not lock.locked()


@can_fork
@pytest.mark.parametrize("lock", [durable._lock, solve._lock])
def test_both_libraries_are_locked_like_this(lock: threading.Lock) -> None:
    held = threading.Timer(0.05, lock.release)
    lock.acquire()
    held.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(0 if lock.acquire(blocking=False) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
