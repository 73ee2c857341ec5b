"""What is there: for a terminal, as Markdown and JSON, and as entity diagrams."""
