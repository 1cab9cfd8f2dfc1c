"""``make bench``: what each page type costs, on data of its own."""
