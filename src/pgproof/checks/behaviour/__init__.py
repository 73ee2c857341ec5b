"""BEH: what the schema does when it is used."""
