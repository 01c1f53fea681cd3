"""The dossier: a Sphinx extension and the set of documents that it fills from proofs and the risk file."""
