"""Rules of the field that territories make: perimeters, coverage, axes, envelopes, published pages."""
