"""From takes to a voiceprint, and what happens to it later."""
