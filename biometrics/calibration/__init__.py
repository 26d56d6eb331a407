"""What a score means: learned from people, promised to an operator, kept with the encoder."""
