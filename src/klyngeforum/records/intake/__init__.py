"""Files taken in as a whole, once, by recipe or template (indlæsning)."""
