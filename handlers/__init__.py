"""What a person, or the clock, can ask for: permission, one transaction, a past-participle result."""
