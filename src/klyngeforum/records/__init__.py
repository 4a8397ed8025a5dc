"""What happened: facts are entered here and only here (registreringer)."""
