"""The parts of the dossier's pages: each turns the model into markup or document nodes, never into RST."""
