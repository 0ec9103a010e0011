"""Sign-in by an identity provider: OpenID Connect, Authorization Code with PKCE.

The provider says who somebody is; what they may do is said by our own account of that name, and by nothing else.
"""
