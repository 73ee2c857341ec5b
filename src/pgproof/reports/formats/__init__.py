"""The formats of a report, one module each with `render(result, view) -> str`; the folder is the registry."""
