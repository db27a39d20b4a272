"""Checks that the files of a database are whole before and while they are used."""
