"""Pages as they are laid before a meeting of the forum: what each says, in words and small tables, to whoever may see least of it."""
