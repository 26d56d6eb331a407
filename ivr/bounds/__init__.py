"""How long anything may take and how much of it there may be, so that one hang is no outage."""
