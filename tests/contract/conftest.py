"""Stores of every kind for the contract suites."""

from tests.stores import database, new_store, postgresql, postgresql_template, sqlite_template, url

__all__ = ["database", "new_store", "postgresql", "postgresql_template", "sqlite_template", "url"]
