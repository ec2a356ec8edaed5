package domain

// Page is one page of a list, newest first unless the list says otherwise.
// A nil NextCursor means there is no more.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// None is the input or output of a use case that has none.
type None struct{}
