"""Networks that turn a voice into numbers, each on the engine that runs it."""
