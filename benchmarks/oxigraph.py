"""Oxigraph by itself: `bulk_load` of the very quads that a `graphmap load` stored, to hold the load against."""

from __future__ import annotations

import argparse

import pyoxigraph as ox

__all__ = ["main"]


def main() -> None:
    """`dump STORE FILE` writes a store's quads out; `load STORE FILE` bulk-loads them into a new store."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oxigraph", description=main.__doc__)
    parser.add_argument("action", choices=["dump", "load"])
    parser.add_argument("store")
    parser.add_argument("file")
    options = parser.parse_args()
    if options.action == "dump":
        ox.Store.read_only(options.store).dump(options.file, format=ox.RdfFormat.N_QUADS)
        return
    store = ox.Store(options.store)
    store.bulk_load(path=options.file, format=ox.RdfFormat.N_QUADS, lenient=True)
    store.flush()


if __name__ == "__main__":
    main()
