"""Does it hold: obligations, encodings, engines, certificates, and the interpreter that replays them."""
