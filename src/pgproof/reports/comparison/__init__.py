"""The formats of a comparison, one module each with `render(comparison, view) -> str`; the folder is the registry."""
