"""What the application expects of the database: readers of its code, and what PostgreSQL says to it."""
