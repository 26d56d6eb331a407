"""What people who run the service edit: intents, prompts and rules, as versions in a folder."""
