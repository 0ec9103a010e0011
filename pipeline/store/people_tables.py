"""The tables of people and programs that come into the office: accounts, what they are in by, what they have begun.

None of them is history: what a person did stands in `events`, by name.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from pipeline.store.metadata import metadata

#: Who may come into the office in the browser. What a person did stays in `events`, by name.
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", Text, nullable=False, server_default=""),
    Column("role", String(16), nullable=False),
    Column("unit", String(32), nullable=False, server_default=""),
    # argon2id with its salt and costs, as PHC text
    Column("password", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    # of who shows a second code: drawn; the secret is made of it and of the key in `var` ("" for who does not)
    Column("totp_salt", String(32), nullable=False, server_default=""),
    # the last time step whose code was taken: none is taken twice
    Column("totp_step", Integer, nullable=False, server_default="0"),
)

#: Who is in at this moment. Of the secret in the browser only the sha256 is kept: a copy of it lets nobody in.
sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("seen_at", String(32), nullable=False),
    Column("ends_at", String(32), nullable=False),
    Index("ix_sessions_person_id", "person_id"),
)

#: By which programs come in, each under a person's account. Of the secret only the sha256 is kept, as with sessions.
tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("made_at", String(32), nullable=False),
    Column("ends_at", String(32), nullable=False, server_default=""),
    Column("seen_at", String(32), nullable=False, server_default=""),
    Index("ix_tokens_person_id", "person_id"),
)

#: What a program was answered to a write that it gave a key of its own; status 0 while it is under way.
replies = Table(
    "replies",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("key", String(128), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("status", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False, server_default=""),
    Column("at", String(32), nullable=False),
    Index("ix_replies_at", "at"),
)

#: Addresses that are told of what became of documents, and the last event each was told of.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False),
    # of one unit's documents alone; "" of all
    Column("unit", String(32), nullable=False, server_default=""),
    # drawn; its secret is made of this and of the key in `var`, so that a copy of the ledger signs nothing
    Column("salt", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("trouble", Text, nullable=False, server_default=""),
    Column("made_at", String(32), nullable=False),
)

#: Forms that people are filling in in the browser; forgotten when they are done with.
begun_forms = Table(
    "begun_forms",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("kind", String(64), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    # JSON: what is typed, by the name of its place
    Column("typed", Text, nullable=False),
    # counts savings: two windows do not write over each other unseen
    Column("version", Integer, nullable=False),
    Column("saved_at", String(32), nullable=False),
    # of the last sending, "" and 0 where there was none: the bytes as they lay in the inbox
    Column("sent_sha256", String(64), nullable=False, server_default=""),
    Column("sent_name", Text, nullable=False, server_default=""),
    Column("sent_folder", Text, nullable=False, server_default=""),
    Column("sent_at", String(32), nullable=False, server_default=""),
    Column("sent_version", Integer, nullable=False, server_default="0"),
)
