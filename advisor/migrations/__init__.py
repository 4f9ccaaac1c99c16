"""How the database came to be as it is: one file a step under ``versions``, run by Alembic."""
