"""The gate: one verdict for CI, and the reports that CI servers read. It fails closed."""
