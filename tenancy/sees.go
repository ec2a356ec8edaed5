package tenancy

import (
	"slices"

	"github.com/google/uuid"

	"baraza/domain"
)

// Sees says whether the scope's rows reach a row with these facts: the union of own,
// team, channel, all, and the teams the person manages. It says nothing about permissions; the SQL predicate of
// lists and counts follows the same rule.
func (s Scope) Sees(a domain.Audience) bool {
	switch {
	case s.Rows.All, a.Everyone, among(s.Manages, a.Team):
		return true
	case s.Rows.Team && among(s.Teams, a.Team), s.Rows.Channel && among(s.Channels, a.Channel):
		return true
	}
	return s.Rows.Own && s.owns(a)
}

// owns is the scope "own": assigned or offered to me, with me as a participant, or
// waiting in the queue of one of my teams.
func (s Scope) owns(a domain.Audience) bool {
	if a.Queued && among(s.Teams, a.Team) {
		return true
	}
	return s.UserID != uuid.Nil &&
		(a.Assignee == s.UserID || a.OfferedTo == s.UserID || slices.Contains(a.Participants, s.UserID))
}

// among never takes "none" for a member.
func among(list []uuid.UUID, id uuid.UUID) bool {
	return id != uuid.Nil && slices.Contains(list, id)
}
