"""Requirements in NASA's FRETish and their meaning on discrete traces."""
