"""What the model is held against: a survey, published figures, patterns."""
