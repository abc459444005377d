"""Runs the steps on the connection that ``layers.ledger.store.opening`` holds, in its transaction."""

from alembic import context

from layers.ledger.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
