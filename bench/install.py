"""Installs this checkout into the environment that runs it, for development; durable-rules where it can be built.

Below Python 3.13 durable-rules is a plain dependency, so where no compiler is at hand pip would install nothing at all.
It is left out of the first step and tried last. From 3.13 on it names a C function that is gone, which newer compilers
refuse to compile and eager linkers to load; its setup.py sets CFLAGS itself, so the flags go with the compiler.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LENIENT = "-Wno-implicit-function-declaration -Wno-int-conversion"
LAZY = "-Wl,-z,lazy" if sys.platform == "linux" else ""
MISSING = "durable-rules cannot be built here (docs/engine.md says what helps): the reference executor decides alone"


def pip(*words: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


def needed() -> tuple[list[str], list[str]]:
    """What the project and its development need in this environment, and of it durable-rules."""
    found = [Requirement(text) for text in requires("mitra-binaan") or ()]
    here = [r for r in found if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in ("", "dev"))]
    durable = next(r for r in found if r.name == "durable-rules")
    return [f"{r.name}{r.specifier}" for r in here if r.name != durable.name], [f"{durable.name}{durable.specifier}"]


def main() -> int:
    failed = pip("--no-deps", "--editable", ".")
    if failed:
        return failed
    others, durable = needed()
    failed = pip(*others)
    if failed:
        return failed
    compiler = f"{os.environ.get('CC', 'cc')} {LENIENT}"
    if pip(*durable, CC=compiler, LDFLAGS=f"{os.environ.get('LDFLAGS', '')} {LAZY}".strip()):
        print(MISSING)
    return 0


if __name__ == "__main__":
    sys.exit(main())
