"""Calls without a telephone: the gateways' side of every dialect, over real sockets."""
