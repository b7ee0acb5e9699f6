"""Feeds and sitemaps: what they list, whatever their format, bounded whoever wrote them."""
