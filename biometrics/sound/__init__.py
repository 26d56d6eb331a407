"""Is this sound fit to be compared? If not, in which words is it said?"""
