"""What is computed: pure NumPy functions of two arrays, and what is known about each of them.

Nothing in here knows of files, blocks or terminals.
"""
