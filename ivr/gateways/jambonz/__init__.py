"""jambonz: signed webhooks answered with verbs, a stream both ways, a speech vendor."""
