"""What a language model may try, and whether any of it reaches an answer."""
