"""Is it the voice that belongs to the number?"""
