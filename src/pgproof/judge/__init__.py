"""From findings to a verdict."""
