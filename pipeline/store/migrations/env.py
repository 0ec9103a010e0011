"""Run by Alembic: applies the migrations on the engine it was handed, each in one transaction."""

from alembic import context

engine = context.config.attributes["engine"]
# one transaction over all migrations: stopped in the middle, the ledger is as it was before
with engine.begin() as connection:
    # of two programs that start at once the second waits, and finds nothing to do (SQLite's writers wait anyhow)
    if engine.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('vanthu migrations'))")
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=False)
    context.run_migrations()
