"""What this system does not allow to be tried."""

from tests.server.holder import MAY_MOUNT

# A full disk is a small file system of the test's own: root may mount one, and a user whose system allows him a
# namespace. (The choice between memory and disk itself is tested without.)
collect_ignore = [] if MAY_MOUNT else ["test_space.py"]
