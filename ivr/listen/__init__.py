"""Turn what a telephone line brought into one caller's turn."""
