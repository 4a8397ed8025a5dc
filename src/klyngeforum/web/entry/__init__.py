"""Sign-in, language, home: the doors that lead to the desks (indgang)."""
