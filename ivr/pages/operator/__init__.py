"""What those see who run the service: calls as they happen, figures, and what is to be edited."""
