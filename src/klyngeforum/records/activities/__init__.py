"""What cluster organisations did, with whom (aktiviteter og deltagelser)."""
