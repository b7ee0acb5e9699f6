"""Where articles come from: files, tables, pages, feeds and sitemaps, and what stands in them."""
