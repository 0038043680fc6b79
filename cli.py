"""The command line: the list of commands. What they do is in `commands`."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from commands import diff, expert, firm, mutation, programme, prove, rules, schema, weigh, write
from commands.common import UNWRITTEN


class _Commands(click.Group):
    """Commands whose answer must reach the reader: a full disk is said, with an exit code of its own."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            try:
                return super().main(*args, **extra)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except OSError as fault:
            # What is still in the buffer would fail once more, with a traceback, when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            # A reader that has gone (`| head`) needs no message.
            if fault.errno != errno.EPIPE:
                click.echo(f"The answer could not be written: {fault.strerror}.", err=True)
            sys.exit(UNWRITTEN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="mitra-binaan", prog_name="mitra")
def main() -> None:
    """Mitra: which class a fostered firm is in, which form of partnership fits it, and why.

    \b
    Begin with:  mitra assess samples/genteng_kebumen.yaml
    """
    for stream in (sys.stdout, sys.stderr):
        # Indonesian names and the minus sign must come out whatever the terminal's locale says, and a file name that
        # is no text must not stop the message about it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


for command in (
    firm.assess,
    firm.why,
    firm.matrix,
    weigh.weigh,
    programme.programme,
    rules.check,
    prove.prove,
    diff.diff,
    expert.test,
    mutation.mutate,
    rules.show,
    rules.init,
    write.new,
    schema.schema,
):
    main.add_command(command)

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main()
