package tenancy_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/domain"
	"baraza/tenancy"
)

func TestSees(t *testing.T) {
	t.Parallel()
	me, other := uuid.New(), uuid.New()
	team, foreign := uuid.New(), uuid.New()
	channel := uuid.New()
	scope := func(rows tenancy.RowScope) tenancy.Scope {
		return tenancy.Scope{TenantID: uuid.New(), UserID: me, Rows: rows, Teams: []uuid.UUID{team}, Channels: []uuid.UUID{channel}}
	}
	own, byTeam := tenancy.RowScope{Own: true}, tenancy.RowScope{Team: true}
	byChannel, all := tenancy.RowScope{Channel: true}, tenancy.RowScope{All: true}

	cases := []struct {
		name string
		rows tenancy.RowScope
		row  domain.Audience
		want bool
	}{
		{"own: assigned to me", own, domain.Audience{Assignee: me}, true},
		{"own: assigned to another in my team", own, domain.Audience{Assignee: other, Team: team}, false},
		{"own: offered to me", own, domain.Audience{OfferedTo: me}, true},
		{"own: offered to another", own, domain.Audience{OfferedTo: other}, false},
		{"own: I take part", own, domain.Audience{Assignee: other, Participants: []uuid.UUID{other, me}}, true},
		{"own: waits in my team's queue", own, domain.Audience{Queued: true, Team: team}, true},
		{"own: waits in another queue", own, domain.Audience{Queued: true, Team: foreign}, false},
		{"own: waits in no team's queue", own, domain.Audience{Queued: true}, false},
		{"own: my channel alone is not enough", own, domain.Audience{Channel: channel}, false},
		{"own: nothing known", own, domain.Audience{}, false},
		{"team: mine", byTeam, domain.Audience{Team: team, Assignee: other}, true},
		{"team: another", byTeam, domain.Audience{Team: foreign}, false},
		{"team: none", byTeam, domain.Audience{}, false},
		{"team: assigned to me in another team", byTeam, domain.Audience{Team: foreign, Assignee: me}, false},
		{"channel: mine", byChannel, domain.Audience{Channel: channel}, true},
		{"channel: another", byChannel, domain.Audience{Channel: foreign}, false},
		{"union: own and team", tenancy.RowScope{Own: true, Team: true}, domain.Audience{Team: foreign, Assignee: me}, true},
		{"all: always", all, domain.Audience{}, true},
		{"none: not even what is mine", tenancy.RowScope{}, domain.Audience{Assignee: me}, false},
		{"everyone: without any scope", tenancy.RowScope{}, domain.Audience{Everyone: true}, true},
	}
	for _, c := range cases {
		require.Equal(t, c.want, scope(c.rows).Sees(c.row), c.name)
	}

	t.Run("nobody_owns_nothing", func(t *testing.T) {
		t.Parallel()
		nobody := tenancy.Scope{TenantID: uuid.New(), Rows: tenancy.RowScope{Own: true, Team: true, Channel: true}}
		require.False(t, nobody.Sees(domain.Audience{Queued: true}), "nil ids are not a match")
	})
}
