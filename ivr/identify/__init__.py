"""Who does the number belong to?"""
