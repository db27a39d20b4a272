"""Request bodies: content coding, multipart forms, nesting of JSON, and their limits."""
