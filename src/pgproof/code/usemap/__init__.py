"""Which file and which route touches which table, column and function, and how."""
