"""Alembic's entry: runs on the connection that `storage.migrations.migrate` opened."""

from alembic import context
from sqlmodel import SQLModel

from storage import rows  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
