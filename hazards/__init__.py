"""What can go wrong and what stops it: the ISO 14971 risk file as a typed graph."""
