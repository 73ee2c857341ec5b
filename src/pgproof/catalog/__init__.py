"""A schema as data: read from a server, compared, written to a file and made again."""
