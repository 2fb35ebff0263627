"""Losses of one's own: from a Python file that the user names, or from an installed package."""
