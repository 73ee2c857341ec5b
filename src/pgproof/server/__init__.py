"""The only code that starts a PostgreSQL server or connects to one."""
