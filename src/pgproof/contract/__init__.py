"""What a team promised: contracts, counts, and how ready each feature is."""
