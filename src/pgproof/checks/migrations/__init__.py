"""MIG: the migration files themselves."""
