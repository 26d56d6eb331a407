"""What happens next, by rules that anyone can read."""
