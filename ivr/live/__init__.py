"""A call while it goes on: who speaks, who is listened to, and for how long."""
