"""The database: its tables, its migrations, and how a connection is opened on SQLite or PostgreSQL."""
