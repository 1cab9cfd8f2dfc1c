"""Illustrations drawn by the project itself: flat scenes in the DSFR's palette, no photograph of anyone.

``python -m portal.demo.illustrations.render`` draws them again into ``images/`` (needs the development extras and
Chromium); the portal only reads the rendered files.
"""
