"""The desk of whoever takes calls: who waits, what is known of the call, what came of it."""
