"""`python -m pgproof`."""

from pgproof.cli import main

main()
