"""What is there: per migration and in total."""
