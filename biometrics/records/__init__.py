"""What people agreed to, what was done with their voices, and what they may ask."""
