"""What one run knows: one file a part, gathered on demand."""
