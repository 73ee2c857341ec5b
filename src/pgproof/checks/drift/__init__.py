"""DRF: what distinguishes the live database from its migrations."""
