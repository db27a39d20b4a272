"""RDF terms, XSD lexical forms, graphs, parsing and serialization."""
