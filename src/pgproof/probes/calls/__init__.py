"""Functions and procedures called, with rows that exist and arguments at their limits."""
