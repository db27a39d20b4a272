"""RML mappings derived from rules: of tables, of documents, and of references between them."""
