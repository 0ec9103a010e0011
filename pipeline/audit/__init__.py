"""Audit: what is there compared with what is recorded."""

from pipeline.audit.auditing import audit, filed_documents

__all__ = ["audit", "filed_documents"]
