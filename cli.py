"""The command line: the list of commands. What they do is in `commands`."""

from __future__ import annotations

import os
import sys

import click

from commands import firm, rules


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="mitra-binaan", prog_name="mitra")
def main() -> None:
    """Mitra: which class a fostered firm is in, which form of partnership fits it, and why.

    \b
    Begin with:  mitra assess samples/genteng_kebumen.yaml
    """
    for stream in (sys.stdout, sys.stderr):
        # Indonesian names and the minus sign must come out whatever the terminal's locale says.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


for command in (firm.assess, firm.why, firm.matrix, rules.check, rules.test, rules.show, rules.init, rules.new):
    main.add_command(command)

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main()
