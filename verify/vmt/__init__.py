"""Transition systems in VMT-LIB, the public SMT-LIB-based form: read, proved, refuted, written.

Nothing here knows of devices, and nothing is imported that a question about one model does not need: a
process that answers it starts in a fraction of a second.
"""
