"""The way to the server: connections, TLS, and HTTP requests of which each knows whether its first byte has left."""
