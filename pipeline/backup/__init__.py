"""Backups: a folder of pieces named by their content, and lists that say which of them a working folder was made of.

`chest` keeps the pieces, plain or encrypted (decision 0043 has the format); `taking` makes a backup while the office
works; `restoring` makes a working folder of one.
"""
