"""Migration files, their order, their replay, and what is recorded of them."""
