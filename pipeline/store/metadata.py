"""What all tables of the ledger hang on: a module of its own, so that rooms of tables need not know one another."""

from sqlalchemy import MetaData

# named by rule, so that a migration can name on both engines what it changes
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)
