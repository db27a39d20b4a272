"""The command line: parse, call one public function, print."""

import sys

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process; the version is told without importing what parses commands."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        from graphmap.version import __version__  # noqa: PLC0415  # slow to look up

        print(f"graphmap {__version__}")
        return
    from graphmap.cli.app import main as run  # noqa: PLC0415  # not for the version

    run(given)
