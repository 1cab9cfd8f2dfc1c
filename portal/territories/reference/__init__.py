"""The reference files of the territories: made once from the COG (``convert``), read and checked (``files``), put into
the database (``load``)."""
