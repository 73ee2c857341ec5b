"""Behaviour, executed on private databases: function bodies, rows, round trips, calls."""
