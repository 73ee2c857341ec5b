"""SQL as text: the only room that imports the SQL parser."""
