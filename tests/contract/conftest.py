"""Stores of every kind for the contract suites."""

from tests.stores import database, new_postgresql_store, new_store, postgresql, postgresql_stores, sqlite_template, url

__all__ = ["database", "new_postgresql_store", "new_store", "postgresql", "postgresql_stores", "sqlite_template", "url"]
