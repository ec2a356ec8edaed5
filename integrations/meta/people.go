package meta

import "github.com/go-json-experiment/json/jsontext"

// person is a customer as an update names them, with their element of contacts.
type person struct {
	userID, phone string
	contact       []byte
}

// order is the key under which the person's updates keep their order.
func (p person) order() string {
	if p.userID != "" {
		return p.userID
	}
	return p.phone
}

func (p person) shares(userID, phone string) bool {
	return userID != "" && userID == p.userID || phone != "" && phone == p.phone
}

// people are the contacts that the updates of one change share: mostly one.
type people struct {
	list []person
	byID map[string]int // of both kinds of id, when there are several people
}

func (s *splitter) people(contacts [][]byte) people {
	var p people
	for _, contact := range contacts {
		if jsontext.Value(contact).Kind() == '{' {
			userID, phone := s.inner.pick(contact, `"user_id"`, `"wa_id"`)
			p.list = append(p.list, person{userID: key(userID), phone: key(phone), contact: contact})
		}
	}
	if len(p.list) < 2 {
		return p
	}
	p.byID = make(map[string]int, 2*len(p.list))
	for i, one := range p.list {
		p.byID[one.userID], p.byID[one.phone] = i, i
	}
	return p
}

// find returns the person with these ids, and the contact that shares one of them. An
// update without ids belongs to the only contact, if there is just one.
func (p people) find(userID, phone string) person {
	found := person{userID: userID, phone: phone}
	candidates := p.list
	if len(p.list) > 1 {
		candidates = []person{p.list[p.byID[userID]], p.list[p.byID[phone]]} // the first one where there is none
	} else if userID == "" && phone == "" && len(p.list) == 1 {
		return p.list[0]
	}
	for _, one := range candidates {
		if one.shares(userID, phone) {
			found.contact = one.contact
			if found.userID == "" {
				found.userID = one.userID
			}
			break
		}
	}
	return found
}
