"""What happened in calls, without who called and what was said."""
