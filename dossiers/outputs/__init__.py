"""Documents, exports, figures."""
