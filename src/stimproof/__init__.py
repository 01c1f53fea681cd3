"""Formal safety verification and regulatory documentation for neurostimulators."""
