"""What was ruled out, tried: rows changed that only grow, states that do not follow on each other."""
