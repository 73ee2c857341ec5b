"""COD: the code against the database."""
