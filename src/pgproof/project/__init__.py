"""What the project says about itself: its configuration, and what its files tell."""
