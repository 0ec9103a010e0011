"""Hand-over: a dossier of filed papers as the archive takes it.

`dossier` is the dossier as a value; `contents_list` its list of documents (mục lục văn bản), `hsltcq` the package of
the city Party committee's office, `metadata` what the State asks to be said of it, `bagit` the folder with checksums
that holds all of it.
"""
