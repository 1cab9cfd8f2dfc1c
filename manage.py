#!/usr/bin/env python
"""Django's command line, with the development settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import signal
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    # While everything is being read, Ctrl-C ends the process at once: an exception there could be lost in an import.
    raising = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if raising:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    import django
    from django.core.management import execute_from_command_line

    django.setup()
    if raising:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    execute_from_command_line(sys.argv)
