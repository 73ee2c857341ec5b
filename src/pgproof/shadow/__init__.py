"""Private databases for replay: a sandbox, layers to start from, elevation."""
