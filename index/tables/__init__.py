"""Tables of articles: JSONL, JSON, CSV, TSV and Parquet, a row an article, in one form for all of them."""
