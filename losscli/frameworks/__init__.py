"""Whose number it is: one table a framework, and the binding of its names to losses."""
