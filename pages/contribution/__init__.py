"""What people propose from the front office: « Contribuer »."""
