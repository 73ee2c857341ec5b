"""Contracts: what features need, what was promised in numbers, and how the team verifies it itself."""
