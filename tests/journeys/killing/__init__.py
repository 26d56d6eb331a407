"""Workers are killed while callers talk to them, and every caller is accounted for."""
