"""Write the README's generated blocks anew: `python -m tests.readme`.

A block is everything between `<!-- $ COMMAND -->` and `<!-- end -->`: what the command prints on
both streams, run from the top of the project in a terminal of 90 columns.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?P<open><!-- \$ (?P<command>.+?) -->\n)(?P<body>.*?)(?P<end><!-- end -->)", re.S
)


def output(command: str) -> str:
    """What a shell command prints, standard error included; `losscli` is this checkout's."""
    program = f'losscli() {{ "{sys.executable}" -m losscli "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", program + command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COLUMNS": "90", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.rstrip("\n")


def block(command: str) -> str:
    """The body of a block: a console session of the command."""
    return f"```console\n$ {command}\n{output(command)}\n```\n"


def fresh(text: str) -> str:
    """The README with every block written anew."""
    return BLOCK.sub(lambda m: m["open"] + block(m["command"]) + m["end"], text)


if __name__ == "__main__":
    README.write_text(fresh(README.read_text(encoding="utf-8")), encoding="utf-8")
