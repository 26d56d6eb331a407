"""Is this the voice we enrolled, turn by turn?"""
