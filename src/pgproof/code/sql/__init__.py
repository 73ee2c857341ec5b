"""Files of SQL queries: those that a code generator or a loader reads, and loose ones."""
