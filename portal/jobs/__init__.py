"""Work in the background: leases, retries and the schedule, over ``django_tasks`` (docs/jobs.md).

A task is only a wake-up: the truth is in rows, so a task may run twice and must not mind.
"""
