"""The formats of two schemas compared, one module each with `render(diff, view) -> str`; the folder is the registry."""
