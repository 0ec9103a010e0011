"""The office for programs: the same operations as JSON under `/api/v1`, by tokens; nothing is decided here either.

One table (`operations.OPERATIONS`) makes the addresses, what each may do by which row of `web.rights`, the OpenAPI
document and docs/reference/api.md.
"""
