"""The formats of an overview, one module each with `render(overview, view) -> str`; the folder is the registry."""
