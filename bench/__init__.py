"""Benchmarks; each prints a Markdown table."""
