"""What sentences claim, and whether one supports or contradicts another, told by rule."""
