"""Rows, transactions, queries by topic, outbox, record and migrations; gives and takes `meeting` values."""
