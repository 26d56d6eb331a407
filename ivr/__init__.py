"""A voice IVR that knows who is calling: the call, room by room."""
