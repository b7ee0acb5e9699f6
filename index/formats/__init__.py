"""Files of other programs as articles: each module reads one format, each with a well-kept library."""
