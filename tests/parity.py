"""Does losscli give the frameworks' numbers: on golden files, or live on random data.

python -m tests.parity [--seed N]                    the frameworks that are installed, live
python -m tests.parity --golden DIR [--jsonl FILE]   every golden file of a folder

It ends with 1 if a number differs that should not, with 2 if there is nothing to compare: a
comparison of nothing has not been passed.
"""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from losscli.errors import LosscliError
from tests.differences import listed
from tests.golden_values import Value, got, plain, read, relative_difference


def main(arguments: list[str] | None = None) -> int:
    """Run it; 1 if a value differs that should not, 2 if there is none."""
    parser = ArgumentParser(
        prog="python -m tests.parity", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--golden", metavar="DIR", type=Path, help="a folder of golden files")
    parser.add_argument(
        "--jsonl", metavar="FILE", type=Path, help="write a JSON line for each value"
    )
    parser.add_argument("--dialect", help="only this one")
    parser.add_argument("--show", type=int, default=0, help="how many differences to show")
    parser.add_argument("--seed", type=int, default=0, help="of the live comparison's random data")
    args = parser.parse_args(arguments)
    if args.golden is None:
        found = live(args.dialect, args.seed)
    else:
        files = sorted(path for path in args.golden.glob("*.json") if is_golden(path))
        found = [value for path in files for value in read(path)]
        found = [value for value in found if args.dialect in (None, value.dialect)]
        if not found:
            say(f"there are no golden values in {args.golden}: nothing was compared")
    lines = [line(value) for value in found]
    if args.jsonl is not None:
        args.jsonl.write_text("".join(json.dumps(one, allow_nan=False) + "\n" for one in lines))
    return report(lines, args.show) if lines else 2


def live(dialect: str | None, seed: int) -> list[Value]:
    """The values of the frameworks that are installed; which these are is printed."""
    from tests.live import missing, values_of
    from tests.live_frameworks import FRAMEWORKS, installed

    found = []
    for framework in installed(dialect):
        say(f"compared live: {framework.version}, with the {framework.dialect} table")
        lacking = missing(framework)
        if lacking:
            say(f"  passed over, not in this version: {', '.join(lacking)}")
        found += values_of(framework, seed)
    if not found:
        which = dialect or ", ".join(FRAMEWORKS)
        say(f"no framework is installed that can be compared live ({which}): nothing was compared")
    return found


def is_golden(path: Path) -> bool:
    """Whether a file has the form of a golden file of a dialect."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(document, dict)
        and isinstance(document.get("dialect"), str)
        and isinstance(document.get("cases"), dict)
        and isinstance(document.get("values"), list)
        and all(isinstance(entry, dict) for entry in document["values"])
    )


def line(value: Value) -> dict[str, Any]:
    """What came of a value, as a line of JSON has it."""
    part = "unreduced" if value.entry.get("reduced") is None else "reduced"
    try:
        verdict, reason = judged(value)
        result = value.outcome.result
        mine = None if result is None else plain(got(result, part))
        largest = difference(value)
    except Exception as error:  # an entry that makes no sense must not hide the others
        kind = "" if isinstance(error, LosscliError) else f"{type(error).__name__}: "
        verdict, reason = "differs", f"it cannot be judged: {kind}{error}"
        mine = largest = None
    return {
        "dialect": value.dialect,
        "index": value.index,
        "loss": value.loss,
        "expected": plain(value.entry.get(part)),
        "got": mine,
        "relative_difference": largest,
        "verdict": verdict,
        "reason": reason,
    }


def difference(value: Value) -> float | None:
    """The largest relative difference of a value's numbers, None if some do not compare."""
    found = [relative_difference(mine, theirs) for _, theirs, mine in value.parts()]
    differences = [difference for difference in found if difference is not None]
    return max(differences) if found and len(differences) == len(found) else None


def judged(value: Value) -> tuple[str, str]:
    """`agrees`, `deliberate` or `differs`, and why."""
    if value.agrees:
        outside = value.outcome.domain == "framework"
        return "agrees", "outside of the domain: --domain framework" if outside else ""
    rules = listed(value)
    if rules:
        said = value.entry.get("error") if value.has_raised else None
        return "deliberate", f"{rules[0].reason}: {said}" if said else rules[0].reason
    return "differs", value.outcome.error or "another number"


def report(lines: list[dict[str, Any]], show: int) -> int:
    """Print how many values agree, by dialect, and the first that differ."""
    counts = Counter((one["dialect"], one["verdict"]) for one in lines)
    say(f"{'dialect':10}{'values':>8}{'agree':>8}{'deliberate':>12}{'differ':>8}")
    for dialect in dict.fromkeys(one["dialect"] for one in lines):
        agree, deliberate, differ = (
            counts[dialect, verdict] for verdict in ("agrees", "deliberate", "differs")
        )
        total = agree + deliberate + differ
        say(f"{dialect:10}{total:8}{agree:8}{deliberate:12}{differ:8}")
    differing = [one for one in lines if one["verdict"] == "differs"]
    for one in differing[:show]:
        say(str({k: v if len(str(v)) < 300 else f"{str(v)[:300]} …" for k, v in one.items()}))
    return 1 if differing else 0


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
