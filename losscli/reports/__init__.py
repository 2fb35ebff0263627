"""To whom: a Result as a table, JSON, CSV or a bare value. Computes nothing."""
