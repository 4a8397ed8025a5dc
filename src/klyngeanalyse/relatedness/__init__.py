"""Which industries live together, how near a region is to what it does not do yet, and how complex it is (beslægtethed)."""
