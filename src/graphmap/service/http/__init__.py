"""HTTP: connections, limits, and bodies of requests and answers."""
