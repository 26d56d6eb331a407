"""What is kept of a voice is sealed under a key of that voice alone, and dies with the key."""
