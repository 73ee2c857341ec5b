"""What Python code expects of the database, read with `ast`."""
