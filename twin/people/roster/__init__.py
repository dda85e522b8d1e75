"""Rosters: the spreadsheets of residents that offices have, brought in row by row.

    file -> sheets -> header and columns -> rows -> households -> checked -> placed -> compared -> written

A dry run goes as far as "compared" and writes nothing. Rows whose address is doubtful wait until a clerk has decided.
"""
