"""Something of every kind in the database, a module an app: ``build_world`` (tests/security/world.py) adds them up.

Each ``plant_…`` returns the :class:`~tests.security.walk.World` of its app: values for parameters (they are common to
all addresses), routes with values of their own, queries and bodies by the name of the address, objects by their model.
"""
