"""What is advised, on whose word, and the comparison with it."""
