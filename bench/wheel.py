"""Build the wheel, install it into an empty environment elsewhere, and run `mitra` from another folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(ROOT))
        (wheel,) = place.glob("mitra_binaan-*.whl")
        tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name}
        expected = {"rules", "kb", "engine", "commands", "cli.py"}
        assert tops == expected, f"the wheel holds {sorted(tops)}, not {sorted(expected)}"
        venv.create(place / "empty", with_pip=True)
        python = place / "empty" / "bin" / "python"
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
        elsewhere = place / "elsewhere"
        elsewhere.mkdir()
        sample = elsewhere / "firm.yaml"
        sample.write_text((ROOT / "samples" / "genteng_kebumen.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        (elsewhere / "partners").mkdir()
        for partner in (ROOT / "samples" / "partners").glob("*.yaml"):
            (elsewhere / "partners" / partner.name).write_text(partner.read_text(encoding="utf-8"), encoding="utf-8")
        command = [str(place / "empty" / "bin" / "mitra"), "assess", "firm.yaml", "--format", "json"]
        answer = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        decision = json.loads(answer.stdout)
        shutil.copy(ROOT / "samples" / "programmes" / "pt_sp.yaml", elsewhere)
        # Its rules lie deeper in the wheel than any module does.
        command = [str(place / "empty" / "bin" / "mitra"), "programme", "pt_sp.yaml", "--format", "json"]
        answer = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        assert len(json.loads(answer.stdout)["dimensions"]) == 4
        print(f"wheel {wheel.name}: {decision['firm']} is {decision['class']['id']}, by {decision['executors']}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
