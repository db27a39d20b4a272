"""The engines that graphmap is measured beside, each in a virtual environment of its own under `.bench/`."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MORPH_KGC", "PEERS_FOLDER", "PYSHACL", "Peer", "ready"]

PEERS_FOLDER = Path(__file__).resolve().parent.parent / ".bench"
"""Where the environments and the generated data stay between runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine to measure beside.

    Args:
        name: as the tables print it, and the name of its environment.
        requirement: what pip installs; the minor version is part of every published figure.
    """

    name: str
    requirement: str


MORPH_KGC = Peer(name="morph-kgc", requirement="morph-kgc==2.10.*")
PYSHACL = Peer(name="pyshacl", requirement="pyshacl==0.40.*")


def ready(peer: Peer) -> Path:
    """The Python of a peer's environment, which is set up the first time.

    Raises:
        subprocess.CalledProcessError: where it cannot be installed.
    """
    home = PEERS_FOLDER / peer.name
    python = home / "bin" / "python"
    stamp = home / f".{peer.requirement.replace('*', 'x')}"
    if not stamp.exists():
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([str(python), "-m", "pip", "install", *quiet, peer.requirement], check=True)
        stamp.touch()
    return python
