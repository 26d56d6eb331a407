"""Twilio and its dialect: signed webhooks answered with TwiML, Media Streams both ways."""
