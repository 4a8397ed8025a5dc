"""What takes long to count: what it came to last, where every process and the next start find it (optællinger)."""
