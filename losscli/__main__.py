"""`python -m losscli`, and the entry point of the console script."""

import sys


def main() -> None:
    """Run the command line and exit with its code; nothing before it can end in a traceback."""
    try:
        from losscli.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
