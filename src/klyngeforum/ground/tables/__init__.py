"""One column schema drives template, reader, dry run, errors and export (tabeller)."""
