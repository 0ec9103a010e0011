"""The office in the browser: a face over `app`, as the command line is one; nothing is decided here.

`rights` says who may do what, `pages` what there is, `application` puts both together behind the guards of `guards`.
Pages work without JavaScript; nothing is fetched from anywhere else.
"""
