"""The page behind a link: for customers, who have no account."""
