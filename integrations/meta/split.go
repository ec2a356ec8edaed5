package meta

import "errors"

// maxExpanded bounds what one body may become when every update gets the metadata and
// the contact it shares with others: far above 1,000 real updates, far below what a
// crafted body could ask for.
const maxExpanded = 4 * maxBody

var errExpanded = errors.New("its updates are larger than a webhook can be")

// Split turns a webhook body into its updates, in the order in which they came. What
// is missing, unknown or of the wrong type is handed on raw, for Parse to judge. It
// returns ErrUnreadable only for a body that is not JSON, or not a webhook's object.
func Split(raw []byte) ([]Item, error) {
	var s splitter
	s.w.start(storable(raw))
	if err := s.body(); err != nil {
		return nil, ErrUnreadable.With(err)
	}
	if err := s.emit(); err != nil {
		return nil, ErrUnreadable.With(err)
	}
	return s.items, nil
}

// splitter first notes where everything is, because `object` and `field` may follow
// what they describe, and then emits.
type splitter struct {
	w, inner walker // the body, and one element of it
	object   []byte
	entries  []entry
	items    []Item
	expanded int
}

type entry struct {
	whole    []byte
	id, time []byte
	changes  []change
	opaque   bool // no list of changes to look into
}

type change struct {
	whole             []byte
	field             []byte
	product, metadata []byte
	contacts          [][]byte
	messages          [][]byte
	statuses          [][]byte
	errors            [][]byte
}

func (s *splitter) body() error {
	if !s.w.is('{') {
		return errors.New("not an object")
	}
	if _, err := s.w.object(func(name []byte) (err error) {
		switch {
		case string(name) == `"object"` && s.w.is('"'):
			s.object, err = s.w.value()
		case string(name) == `"entry"` && s.w.is('['):
			err = s.w.array(s.entry)
		case string(name) == `"entry"`:
			var whole []byte
			whole, err = s.w.value()
			s.entries = append(s.entries, entry{whole: whole, opaque: true})
		default:
			_, err = s.w.value()
		}
		return err
	}); err != nil {
		return err
	}
	if textOf(s.object) == "" {
		return errors.New("no webhook object")
	}
	return s.w.end()
}

func (s *splitter) entry() (err error) {
	e := entry{opaque: true}
	if !s.w.is('{') {
		e.whole, err = s.w.value()
		s.entries = append(s.entries, e)
		return err
	}
	e.whole, err = s.w.object(func(name []byte) (err error) {
		switch {
		case string(name) == `"id"`:
			e.id, err = s.w.value()
		case string(name) == `"time"`:
			e.time, err = s.w.value()
		case string(name) == `"changes"` && s.w.is('['):
			e.opaque = false
			err = s.w.array(func() error { return s.change(&e) })
		default:
			_, err = s.w.value()
		}
		return err
	})
	s.entries = append(s.entries, e)
	return err
}

func (s *splitter) change(e *entry) (err error) {
	var c change
	if !s.w.is('{') {
		c.whole, err = s.w.value()
		e.changes = append(e.changes, c)
		return err
	}
	c.whole, err = s.w.object(func(name []byte) (err error) {
		switch {
		case string(name) == `"field"`:
			c.field, err = s.w.value()
		case string(name) == `"value"` && s.w.is('{'):
			_, err = s.w.object(func(name []byte) error { return s.valueMember(&c, name) })
		default:
			_, err = s.w.value()
		}
		return err
	})
	e.changes = append(e.changes, c)
	return err
}

func (s *splitter) valueMember(c *change, name []byte) (err error) {
	var list *[][]byte
	switch string(name) {
	case `"messaging_product"`:
		c.product, err = s.w.value()
		return err
	case `"metadata"`:
		c.metadata, err = s.w.value()
		return err
	case `"contacts"`:
		list = &c.contacts
	case `"messages"`:
		list = &c.messages
	case `"statuses"`:
		list = &c.statuses
	case `"errors"`:
		list = &c.errors
	}
	if list == nil || !s.w.is('[') {
		_, err = s.w.value()
		return err
	}
	*list, err = s.w.elements()
	return err
}

func (s *splitter) emit() error {
	for _, e := range s.entries {
		if e.opaque {
			if err := s.add(Item{RoutingKey: key(e.id)}, update{entry: e.whole}); err != nil {
				return err
			}
		}
		for _, c := range e.changes {
			if err := s.emitChange(e, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *splitter) emitChange(e entry, c change) error {
	item := Item{Field: key(c.field)}
	id, _ := s.inner.pick(c.metadata, `"phone_number_id"`, "")
	number := key(id)
	if item.Field != "messages" || len(c.messages)+len(c.statuses)+len(c.errors) == 0 {
		if item.RoutingKey = number; c.metadata == nil {
			item.RoutingKey = key(e.id)
		}
		return s.add(item, update{id: e.id, time: e.time, change: c.whole})
	}
	item.RoutingKey = number
	people := s.people(c.contacts)
	around := update{id: e.id, time: e.time, product: c.product, metadata: c.metadata, field: c.field}
	for _, list := range []struct {
		name, userID, phone string
		elements            [][]byte
	}{
		{"messages", `"from_user_id"`, `"from"`, c.messages},
		{"statuses", `"recipient_user_id"`, `"recipient_id"`, c.statuses},
	} {
		for _, element := range list.elements {
			userID, phone := s.inner.pick(element, list.userID, list.phone)
			person := people.find(key(userID), key(phone))
			item.Sender, around.contact = person.order(), person.contact
			around.list, around.element = list.name, element
			if err := s.add(item, around); err != nil {
				return err
			}
		}
	}
	item.Sender, around.contact = "", nil
	for _, element := range c.errors {
		around.list, around.element = "errors", element
		if err := s.add(item, around); err != nil {
			return err
		}
	}
	return nil
}

func (s *splitter) add(item Item, u update) error {
	u.object = s.object
	item.Object = key(s.object)
	item.Raw = u.raw()
	s.items = append(s.items, item)
	if s.expanded += len(item.Raw); s.expanded > maxExpanded {
		return errExpanded
	}
	return nil
}
