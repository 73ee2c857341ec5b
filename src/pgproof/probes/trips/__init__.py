"""Round trips: rows written, changed, refused and deleted, triggers fired, views read."""
