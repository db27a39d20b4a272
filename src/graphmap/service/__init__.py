"""The graph over HTTP: SPARQL, documents, records, reports and pages for people."""

from graphmap.service.app import create_app
from graphmap.service.dependencies import Ingest, Ingested, Services

__all__ = ["Ingest", "Ingested", "Services", "create_app"]
