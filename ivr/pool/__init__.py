"""Models on other machines, shared by several workers."""
