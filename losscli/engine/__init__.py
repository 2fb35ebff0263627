"""How: blocks of rows go through the losses into mergeable states, and one Result comes out."""
