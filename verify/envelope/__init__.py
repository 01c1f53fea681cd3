"""The exact safe envelope: how far one programmed value may go for each combination of the others."""
