"""Functions that cannot work, or that work otherwise than they look."""
