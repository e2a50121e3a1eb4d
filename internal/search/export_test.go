package search

// MarkOf is mark, for tests that fill the index themselves.
func MarkOf(reader string) string { return mark(reader) }
