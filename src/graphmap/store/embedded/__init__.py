"""The store on disk, in this process: transactions, write buffer, compaction and backups."""
