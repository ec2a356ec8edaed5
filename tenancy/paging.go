package tenancy

import (
	"context"

	"baraza/domain"

	"github.com/google/uuid"
)

// Paging asks for a page of a list in the order of its ids.
type Paging struct {
	Limit  int    `query:"limit"  json:"-" validate:"omitempty,min=1,max=200"`
	Cursor string `query:"cursor" json:"-" validate:"max=1024"`
}

const defaultPage = 50

func (p Paging) size() int {
	if p.Limit > 0 {
		return p.Limit
	}
	return defaultPage
}

// Rows is how many to read: one more than the page holds, which tells PageOf whether
// there is another page.
func (p Paging) Rows() int { return p.size() + 1 }

// From is the place the page goes on from; first where the list begins. filter names
// the list with all its conditions.
func (p Paging) From(ctx context.Context, cursors *Cursors, filter string, first uuid.UUID) (uuid.UUID, error) {
	if p.Cursor == "" {
		return first, nil
	}
	return first, cursors.Open(ctx, filter, p.Cursor, &first)
}

// PageOf makes a page of what was read; place is a row's id. filter is what From was
// given.
func PageOf[T any](ctx context.Context, cursors *Cursors, filter string, p Paging, rows []T, place func(T) uuid.UUID) (domain.Page[T], error) {
	page := domain.Page[T]{Items: rows}
	if len(rows) < p.Rows() {
		return page, nil
	}
	page.Items = rows[:p.size()]
	next, err := cursors.Seal(ctx, filter, place(page.Items[p.size()-1]))
	if err != nil {
		return domain.Page[T]{}, err
	}
	page.NextCursor = &next
	return page, nil
}
