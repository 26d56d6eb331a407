"""Where voiceprints are kept."""
