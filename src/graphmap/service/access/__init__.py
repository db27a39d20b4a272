"""Authorization of requests: bearer tokens and OpenID Connect."""
