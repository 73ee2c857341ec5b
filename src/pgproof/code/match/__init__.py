"""What the code names, looked for in a catalog: it is there, it is missing, or nobody can know."""
