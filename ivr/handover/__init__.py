"""What a person is told about a caller whom the machine hands over."""
