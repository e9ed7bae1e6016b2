"""Summaries of a set of papers: every abstract is read, every sentence quoted and cited."""
