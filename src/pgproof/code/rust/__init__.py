"""What Rust code expects of the database."""
