"""Settings by environment: ``base`` holds what is common, ``dev``, ``test`` and ``production`` differ from it."""
