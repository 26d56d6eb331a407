"""Sentences that were not understood, and what people make of them."""
