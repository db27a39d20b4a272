"""The command line: parse, call one public function, print."""

from graphmap.cli.app import main

__all__ = ["main"]
