"""Version of graphmap; a module of its own because looking it up takes longer than most imports."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("graphmap")
