"""Pages: one module for each address or group of addresses."""
