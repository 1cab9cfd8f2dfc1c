"""What organisers do with registrations: lists, exports, sign-in sheets, check-in, certificates. docs/organising.md."""
