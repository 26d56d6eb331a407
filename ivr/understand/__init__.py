"""What was said, and what is wanted?"""
