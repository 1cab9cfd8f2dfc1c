"""What became of letters, in numbers: of one campaign, of a list over time, of territories beside each other."""
