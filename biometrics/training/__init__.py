"""How the telephone ECAPA is made. Nothing here runs when calls are answered."""
