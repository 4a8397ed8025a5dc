"""What leaves the house on paper (tryksager): tagged PDF set from the same figures as the screens."""
