"""Validate N-Triples with Turtle shapes by rudof: run by the Python of rudof's own environment."""

import sys

import pyrudof


def main() -> None:
    """Read data and shapes, validate, and write the number of results."""
    data, shapes = sys.argv[1:]
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(data, pyrudof.RDFFormat.NTriples)
    rudof.read_shacl(shapes, pyrudof.ShaclFormat.Turtle)
    sys.stdout.write(f"{len(rudof.validate_shacl())}\n")


if __name__ == "__main__":
    main()
