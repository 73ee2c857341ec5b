"""`pgproof diff`: any two schemas compared."""
