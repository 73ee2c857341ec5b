"""The packaged demo project: data only."""
