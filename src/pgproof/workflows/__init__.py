"""The order of steps, one short file each."""
