"""How well does each room do its work?"""
