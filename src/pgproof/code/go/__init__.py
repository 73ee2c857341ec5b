"""What Go code expects of the database."""
