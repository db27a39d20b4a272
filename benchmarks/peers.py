"""The engines that graphmap is measured or compared beside, each in a virtual environment of its own under `.bench/`.

`python -m benchmarks.peers` sets them all up.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "LINKML",
    "MORPH_KGC",
    "PEERS_FOLDER",
    "PYRUDOF",
    "PYSHACL",
    "RDFLIB_ENDPOINT",
    "SDM_RDFIZER",
    "Peer",
    "is_ready",
    "ready",
]

PEERS_FOLDER = Path(__file__).resolve().parent.parent / ".bench"
"""Where the environments and the generated data stay between runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine to measure beside.

    Args:
        name: as the tables print it, and the name of its environment.
        requirement: what pip installs, packages apart by spaces; the minor version is part of every published figure.
    """

    name: str
    requirement: str


MORPH_KGC = Peer(name="morph-kgc", requirement="morph-kgc==2.10.*")
SDM_RDFIZER = Peer(name="sdm-rdfizer", requirement="rdfizer==4.7.5.15.*")
PYRUDOF = Peer(name="pyrudof", requirement="pyrudof==0.3.*")
RDFLIB_ENDPOINT = Peer(name="rdflib-endpoint", requirement="rdflib-endpoint[cli]==0.6.* oxrdflib==0.5.*")
LINKML = Peer(name="linkml", requirement="linkml==1.12.*")
PYSHACL = Peer(name="pyshacl", requirement="pyshacl==0.40.*")


def is_ready(peer: Peer) -> bool:
    """Whether a peer's environment is set up."""
    return _stamp(peer).exists()


def ready(peer: Peer) -> Path:
    """The Python of a peer's environment, which is set up the first time.

    Raises:
        subprocess.CalledProcessError: where it cannot be installed.
    """
    python = PEERS_FOLDER / peer.name / "bin" / "python"
    if not is_ready(peer):
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(PEERS_FOLDER / peer.name)], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([str(python), "-m", "pip", "install", *quiet, *peer.requirement.split()], check=True)
        _stamp(peer).touch()
    return python


def _stamp(peer: Peer) -> Path:
    """A file that says which requirement the environment was set up for."""
    return PEERS_FOLDER / peer.name / f".{peer.requirement.replace('*', 'x')}"


def main() -> None:
    """Set every peer up."""
    for peer in (MORPH_KGC, SDM_RDFIZER, PYRUDOF, PYSHACL, RDFLIB_ENDPOINT, LINKML):
        ready(peer)


if __name__ == "__main__":
    main()
