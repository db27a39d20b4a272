"""A PostgreSQL server for the tests that ask one."""

from tests.conformance.conftest import postgresql

__all__ = ["postgresql"]
