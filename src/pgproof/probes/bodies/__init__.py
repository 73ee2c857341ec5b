"""Function bodies: read, tried statement by statement on a private server, judged; none of them is executed."""
