"""Indications: who a device is for, as typed predicates over patient attributes, each with its source."""
