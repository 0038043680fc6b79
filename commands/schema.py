"""The command schema: JSON Schemas of a rule base, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from commands.common import kb_option, knowledge_of, rules_folder

_MADE = "Written by 'mitra schema'"
_README = """# Schemas | Skema

{made}; run it again when ids of the rule base have changed. Jalankan lagi bila id dalam basis aturan berubah.

With these an editor that knows YAML (VS Code with the YAML extension, or any other with yaml-language-server) completes
keys, facts, findings and sources of `{base}` and marks what cannot stand there. What only Mitra can judge (ranges,
examples at thresholds, periods) `mitra check` says.

Dengan skema ini, penyunting yang memahami YAML melengkapi kunci, fakta, temuan, dan sumber milik `{base}` dan menandai
yang tidak boleh ada. Selebihnya dikatakan oleh `mitra check`.

In VS Code, in `.vscode/settings.json` of the folder in which `mitra schema` was run:

```json
{settings}
```

Anywhere else, as the first line of a file, with the path of the schema as seen from that file:

```yaml
# yaml-language-server: $schema=../../{folder}/factor.schema.json
```

| files | schema |
|---|---|
{table}
"""


@click.command()
@click.argument("target", metavar="DIR")
@kb_option
def schema(target: str, folder: str | None) -> None:
    """Write JSON Schemas of every kind of file into DIR, with a README that says how editors use them.

    They hold the ids of the rule base, so that an editor completes them and marks slips while you write. Run it again
    after adding facts, findings, actions or sources: files that it wrote before are written anew, others never.

    \b
    Example:  mitra schema schemas --kb my-rules
    """
    from kb.schema import schemas

    knowledge = knowledge_of(folder, tests=True)
    _, shown = rules_folder(folder)
    files: dict[str, str] = {}
    for kind, body in schemas(knowledge).items():
        made: dict[str, Any] = {"$schema": body["$schema"], "$comment": f"{_MADE}."} | body
        files[f"{kind}.schema.json"] = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    files["README.md"] = _readme(target.rstrip("/") or target, shown)
    _write(Path(target), files)
    click.echo(f"Wrote {len(files) - 1} schemas to {target}. How an editor uses them: {Path(target) / 'README.md'}")


def _readme(folder: str, base: str) -> str:
    from kb.schema import KINDS

    places = {kind: [f"{base}/{files}" for files in one.files] for kind, one in KINDS.items()}
    used = {f"{folder}/{kind}.schema.json": globs for kind, globs in places.items() if globs}
    rows = [(", ".join(f"`{g}`" for g in globs) or f"a {kind}", kind) for kind, globs in places.items()]
    table = "\n".join(f"| {files} | [{kind}.schema.json]({kind}.schema.json) |" for files, kind in rows)
    settings = json.dumps({"yaml.schemas": used}, ensure_ascii=False, indent=2)
    return _README.format(made=_MADE, base=base, settings=settings, folder=folder, table=table)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """All files, over those that were made here before; where another file is in the way, nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            path = folder / name
            if path.exists() and _MADE not in path.read_text(encoding="utf-8", errors="replace")[:500]:
                raise click.UsageError(f"'{path}' is there already and was not written by 'mitra schema'.")
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise click.UsageError(f"'{folder}' cannot be written: {fault.strerror or fault}.") from None
