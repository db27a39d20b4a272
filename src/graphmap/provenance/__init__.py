"""PROV: documents and their revisions, graph digests, and the graph of validation reports."""
