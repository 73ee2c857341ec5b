"""pgproof proves that a PostgreSQL database, its migrations and the code that uses it agree."""

__version__ = "0.1.0"
