"""`virtual`: the commands that ask tables which stay where they are."""

from graphmap.cli.virtual.commands import add_to

__all__ = ["add_to"]
