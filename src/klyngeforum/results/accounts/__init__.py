"""The yearly performance account: booked lines, editions, the nation (performanceregnskab)."""
