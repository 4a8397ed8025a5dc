"""Letters to people by mail: queued with the deed that calls for them, sent once, and a failure is said (breve)."""
