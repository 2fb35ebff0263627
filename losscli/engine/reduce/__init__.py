"""What is folded of blocks of rows: a reducer a kind of loss, and statistics of samples' values."""
