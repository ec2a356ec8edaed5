package usage

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/tenancy"
)

// TN-08, UI-09: every number is the count of rows that can be listed.
func TestUsage(t *testing.T) {
	t.Parallel()

	t.Run("counts_the_rows_of_the_workspace", func(t *testing.T) {
		t.Parallel()
		d := dbtest.New(t)
		u := &Usage{DB: d.Tenant, Platform: d.Platform}
		fill(t, d, d.A)
		got, err := u.Get(d.A, domain.None{})
		require.NoError(t, err)
		require.Equal(t, "free", got.Plan)
		require.Equal(t, "UTC", got.Period.Timezone)
		require.Equal(t, Used{Seats: 2, Invitations: 1, Channels: 1, APIKeys: 2, Conversations: 1, MessagesReceived: 2, MessagesSent: 3, ActiveUsers: 1}, got.Used)
		require.Equal(t, Limits{}, got.Limits)

		got, err = u.Get(d.B, domain.None{})
		require.NoError(t, err)
		require.Equal(t, Used{Seats: 1}, got.Used, "of another workspace's rows nothing is counted")
	})

	t.Run("a_month_begins_and_ends_in_the_workspaces_zone", func(t *testing.T) {
		t.Parallel()
		for zone, from := range map[string]string{
			"UTC":                "2026-10-01T00:00:00Z",
			"Africa/Nairobi":     "2026-10-31T21:00:00Z", // there it is November
			"America/New_York":   "2026-10-01T04:00:00Z",
			"Pacific/Kiritimati": "2026-10-31T10:00:00Z",
		} {
			d := dbtest.New(t)
			require.NoError(t, d.Platform.Tx(d.A, func(tx *db.PlatformTx) error {
				_, err := db.Exec(d.A, tx, `update tenants set timezone = $2 where id = $1`, tenancy.From(d.A).TenantID, zone)
				return err
			}))
			u := &Usage{DB: d.Tenant, Platform: d.Platform, Now: func() time.Time { return time.Date(2026, 10, 31, 21, 30, 0, 0, time.UTC) }}
			got, err := u.Get(d.A, domain.None{})
			require.NoError(t, err)
			require.Equal(t, from, got.Period.From.UTC().Format(time.RFC3339), zone)
		}
		_, to := month(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC))
		require.Equal(t, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), to)
	})
}

// fill makes of everything one or more that counts, and one that does not.
func fill(t *testing.T, d dbtest.DB, ctx context.Context) {
	t.Helper()
	tenant := tenancy.From(ctx).TenantID
	d.NewMember(t, tenant, "agent")
	suspended := tenancy.From(d.NewMember(t, tenant, "agent")).UserID
	long := time.Now().AddDate(0, -2, 0)
	old := firstID(long)
	old[15] = 1
	line, simulated, contact, identity, conversation := db.NewID(), db.NewID(), db.NewID(), db.NewID(), db.NewID()
	run := func(tx *db.Tx, statement string, arguments ...any) {
		t.Helper()
		_, err := db.Exec(ctx, tx, statement, arguments...)
		require.NoError(t, err)
	}
	require.NoError(t, d.Tenant.Tx(ctx, func(tx *db.Tx) error {
		run(tx, `update memberships set status = 'suspended' where user_id = $1`, suspended)
		run(tx, `insert into invitations (id, email, email_lower, inviter_id, inviter_name, token_hash, accepted_at, revoked_at, expires_at)
			select gen_random_uuid(), 'p' || n || '@example.test', 'p' || n || '@example.test', gen_random_uuid(), 'Owner', decode(md5(random()::text || n), 'hex'),
			       case n when 2 then now() end, case n when 3 then now() end, now() + case n when 4 then -1 else 1 end * interval '1 day'
			from generate_series(1, 4) n`)
		run(tx, `insert into api_keys (id, name, kind, prefix, scopes, expires_at, revoked_at)
			select gen_random_uuid(), 'Shop', 'server', 'sk_', '{}', case n when 2 then now() + interval '1 day' when 3 then now() end, case n when 4 then now() end
			from generate_series(1, 4) n`)
		run(tx, `insert into channels (id, kind, name, status, identity_scope, sealed_credentials, token_last4, simulated)
			values ($1, 'whatsapp', 'Line', 'connected', 'waba', '', '', false), ($2, 'whatsapp', 'Practice', 'connected', 'waba', '', '', true),
			       ($3, 'whatsapp', 'Old line', 'disabled', 'waba', '', '', false)`, line, simulated, db.NewID())
		run(tx, `insert into contacts (id, name, first_seen_at, last_seen_at) values ($1, 'Otieno', now(), now())`, contact)
		run(tx, `insert into contact_identities (id, contact_id, family, scope) values ($1, $2, 'whatsapp', 'waba')`, identity, contact)
		talk := func(id, channel uuid.UUID, number int, at time.Time, practice bool) {
			run(tx, `insert into conversations (id, number, channel_id, contact_id, identity_id, status, opened_at, last_message_at, created_at, simulated)
				values ($1, $2, $3, $4, $5, 'closed', $6, $6, $6, $7)`, id, number, channel, contact, identity, at, practice)
		}
		talk(conversation, line, 1, time.Now(), false)
		talk(old, line, 2, long, false)
		practice := db.NewID()
		talk(practice, simulated, 3, time.Now(), true)
		seq := 0
		say := func(id, conversation, channel uuid.UUID, direction, status string, at time.Time) {
			seq++
			run(tx, `insert into messages (id, conversation_id, channel_id, seq, direction, kind, text, status, sender_kind, created_at)
				values ($1, $2, $3, $4, $5, 'text', 'hi', $6, 'system', $7)`, id, conversation, channel, seq, direction, status, at)
		}
		for _, status := range []string{"sent", "delivered", "read", "queued", "failed", "unknown"} {
			say(db.NewID(), conversation, line, "out", status, time.Now())
		}
		say(db.NewID(), conversation, line, "in", "received", time.Now())
		say(db.NewID(), conversation, line, "in", "received", time.Now())
		say(old, old, line, "in", "received", long)
		say(db.NewID(), practice, simulated, "in", "received", time.Now())
		for _, at := range []time.Time{time.Now(), time.Now(), long} {
			id, user := db.NewID(), tenancy.From(ctx).UserID
			if at.Equal(long) {
				id, user = old, suspended
			}
			run(tx, `insert into activities (id, user_id, type, at) values ($1, $2, 'PAGE_VIEW', $3)`, id, user, at)
		}
		return nil
	}))
}
