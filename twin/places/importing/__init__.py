"""Bringing places in from files: read, check, plan (the dry run), apply.

    file -> opening (is it what it says, is it safe) -> reading (rows as they are written) -> coordinates (EPSG:4326)
         -> columns, joining, kinds (what each row means) -> plan (row by row: create, change, refuse) -> applying

Nothing here writes before `applying`, and the plan that is applied is the plan that is shown.
"""
