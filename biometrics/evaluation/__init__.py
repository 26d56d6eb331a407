"""Honest figures: how often an encoder confuses voices, on whose recordings, over which line."""
