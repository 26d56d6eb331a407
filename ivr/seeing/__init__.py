"""How the service fares, in figures and codes: never who calls, and never what is said."""
