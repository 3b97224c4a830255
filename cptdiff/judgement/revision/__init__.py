"""How two wordings of one entry differ: words, likenesses, marks, and the classes they make."""
