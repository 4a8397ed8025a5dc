"""What every floor needs: words, verdicts, figures, periods; and bodies, places, industries, access, trail, tables."""
