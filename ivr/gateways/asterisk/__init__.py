"""Asterisk: AudioSocket, chan_websocket, and what a dialplan tells and asks over HTTP."""
