"""What an attacker, a robot, a crash or a race may do to the portal."""
