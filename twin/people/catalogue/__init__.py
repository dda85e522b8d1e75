"""The catalogue of tags as a spreadsheet: brought in row by row, and handed out to be filled in.

    file -> sheets -> header and columns -> rows -> classes found -> compared -> written

Opening a file, finding its header and the notes on its rows are those of rosters; a dry run writes nothing.
"""
