package people

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/mail"
	"baraza/tenancy"
)

const goodPassword = "nine plain words here"

// address is nobody else's.
func address(who string) string { return who + "-" + uuid.NewString() + "@acme.test" }

func tokenOf(t *testing.T, one Invitation) string {
	t.Helper()
	require.NotNil(t, one.URL)
	token, ok := strings.CutPrefix(*one.URL, "https://baraza.test/invite/")
	require.True(t, ok)
	return token
}

// ended says that a link no longer works, why, and whom to ask.
func ended(t *testing.T, reason string, err error) {
	t.Helper()
	require.ErrorIs(t, err, ErrInvitationOver)
	require.Equal(t, map[string]any{"reason": reason, "inviter": "Person owner", "tenant_name": "Tenant a"}, domain.As(err).Extra)
}

// TN-06: people are invited, and come in.
func TestInvitations(t *testing.T) {
	t.Parallel()

	invite := func(t *testing.T, f *fixture, email string, teams ...uuid.UUID) Invitation {
		t.Helper()
		one, err := f.invitations.Create(f.A, CreateInvitation{Email: email, RoleID: f.role(t, f.A, "agent"), TeamIDs: teams})
		require.NoError(t, err)
		return one
	}
	accept := func(f *fixture, ctx context.Context, token string) (access.Session, error) {
		return f.invitations.Accept(ctx, AcceptInvitation{Token: token, Name: "Otieno Odhiambo", Password: goodPassword})
	}

	t.Run("bring_in_somebody_new_with_role_and_teams", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		email, team := address("otieno"), f.team(t, f.A, "Night")
		one := invite(t, f, "  "+email+" ", team)
		require.Equal(t, []string{email, "open", "agent", "Person owner"}, []string{one.Email, one.State, *one.Role.Key, one.Inviter})

		jobs := dbtest.Jobs[MailInvitation](t, f.DB, f.A)
		require.Equal(t, []MailInvitation{{one.ID}}, jobs)
		require.NoError(t, f.invitations.Mail(system(f.A), jobs[0]))
		letter := f.letters(t, email)
		require.Len(t, letter, 1)
		require.Contains(t, letter[0].Text, *one.URL)
		require.Contains(t, letter[0].Text, "Person owner invites you to work together in Tenant a.")

		shown, err := f.invitations.Open(t.Context(), OpenInvitation{tokenOf(t, one)})
		require.NoError(t, err)
		require.Contains(t, shown.Permissions, "conversation.reply")
		key := "agent"
		require.Equal(t, Invited{
			TenantName: "Tenant a", Email: email, Inviter: "Person owner", Role: "Agent", RoleKey: &key, Permissions: shown.Permissions,
		}, shown)

		session, err := accept(f, t.Context(), tokenOf(t, one))
		require.NoError(t, err)
		require.Equal(t, tenancy.From(f.A).TenantID, session.Tenant.ID)
		member, err := f.members.Get(f.A, GetMember{session.User.ID})
		require.NoError(t, err)
		require.Equal(t, []any{"Otieno Odhiambo", email, "agent"}, []any{member.Name, *member.Email, *member.Role.Key})
		require.Len(t, member.Teams, 2)
		require.Equal(t, []string{"invitation.created", "invitation.accepted"}, f.acts(t, f.A, one.ID))

		_, err = accept(f, t.Context(), tokenOf(t, one))
		ended(t, "accepted", err)
		_, err = f.invitations.Create(f.A, CreateInvitation{Email: strings.ToUpper(email), RoleID: f.role(t, f.A, "agent")})
		require.ErrorIs(t, err, domain.ErrExists)
		require.Contains(t, domain.As(err).Detail, "member")
	})

	t.Run("bring_in_who_has_an_account_once_they_sign_in", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		email, err := db.One[string](f.B, f.Tenant, `select email from memberships where user_id = $1`, userID(f.B))
		require.NoError(t, err)
		token := tokenOf(t, invite(t, f, email))
		shown, err := f.invitations.Open(t.Context(), OpenInvitation{token})
		require.NoError(t, err)
		require.True(t, shown.ExistingUser)

		_, err = accept(f, t.Context(), token)
		require.ErrorIs(t, err, access.ErrEmailKnown)
		_, err = f.invitations.Accept(f.member(t, f.A, "agent"), AcceptInvitation{Token: token})
		require.ErrorIs(t, err, domain.ErrDenied, "somebody else with the link")

		scope := tenancy.From(f.B)
		scope.SessionID = f.signedIn(t, f.B)
		session, err := f.invitations.Accept(tenancy.With(t.Context(), scope), AcceptInvitation{Token: token})
		require.NoError(t, err)
		require.Equal(t, tenancy.From(f.A).TenantID, session.Tenant.ID)
		require.Len(t, session.Memberships, 2)
	})

	t.Run("are_sent_again_taken_back_and_run_out", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		email := address("amina")
		one := invite(t, f, email)
		_, err := f.invitations.Create(f.A, CreateInvitation{Email: email, RoleID: f.role(t, f.A, "agent")})
		require.ErrorIs(t, err, domain.ErrExists)
		again, err := f.invitations.Resend(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		_, err = f.invitations.Open(t.Context(), OpenInvitation{tokenOf(t, one)})
		require.ErrorIs(t, err, ErrInvitationOver, "the link before")
		require.Nil(t, domain.As(err).Extra, "of which nothing is kept")
		_, err = f.invitations.Open(t.Context(), OpenInvitation{tokenOf(t, again)})
		require.NoError(t, err)

		f.run(t, f.A, `update invitations set expires_at = now() where id = $1`, one.ID)
		_, err = accept(f, t.Context(), tokenOf(t, again))
		ended(t, "expired", err)
		page, err := f.invitations.List(f.A, ListInvitations{State: "expired"})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		require.Nil(t, page.Items[0].URL)
		third, err := f.invitations.Resend(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		require.Equal(t, "open", third.State)

		_, err = f.invitations.Revoke(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		_, err = accept(f, t.Context(), tokenOf(t, third))
		ended(t, "revoked", err)
		require.NoError(t, f.invitations.Mail(system(f.A), MailInvitation{one.ID}))
		require.Empty(t, f.letters(t, email), "nothing to mail any more")
		_, err = f.invitations.Revoke(f.A, NamedInvitation{one.ID})
		require.ErrorIs(t, err, domain.ErrNotFound)
		require.Equal(t, []string{"invitation.created", "invitation.resent", "invitation.resent", "invitation.revoked"}, f.acts(t, f.A, one.ID))
		invite(t, f, email)
	})

	// UX §2.3: whoever comes too late asks the inviter, once a day.
	t.Run("that_ran_out_are_asked_for_again", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		one := invite(t, f, address("late"))
		owner, err := db.One[string](t.Context(), f.Platform, `select email from users where id = $1`, tenancy.From(f.A).UserID)
		require.NoError(t, err)
		remind := func(token string) (mailed int) {
			t.Helper()
			_, err := f.invitations.Remind(t.Context(), OpenInvitation{token})
			require.NoError(t, err, "the same answer, whatever the token")
			ids, err := db.All[uuid.UUID](t.Context(), f.Platform, `
				delete from river.river_job where kind = $1 and args->'args'->>'id' = $2 returning (args->'args'->>'id')::uuid`,
				MailReminder{}.Kind(), one.ID.String())
			require.NoError(t, err)
			before := len(f.letters(t, owner))
			for _, id := range ids {
				require.NoError(t, f.invitations.MailReminder(t.Context(), MailReminder{id}))
			}
			return len(f.letters(t, owner)) - before
		}
		require.Zero(t, remind("no such token"))
		require.Zero(t, remind(tokenOf(t, one)), "it works still")
		f.run(t, f.A, `update invitations set expires_at = now() where id = $1`, one.ID)
		require.Equal(t, 1, remind(tokenOf(t, one)))
		require.Contains(t, f.letters(t, owner)[0].Text, one.Email+" opened your invitation to Tenant a")
		require.Contains(t, f.letters(t, owner)[0].Text, "https://baraza.test/t/")
		require.Zero(t, remind(tokenOf(t, one)), "once a day")
		require.NoError(t, f.invitations.MailReminder(t.Context(), MailReminder{one.ID}))
		require.Len(t, f.letters(t, owner), 2)
		again, err := f.invitations.Resend(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		require.NoError(t, f.invitations.MailReminder(t.Context(), MailReminder{one.ID}))
		require.Len(t, f.letters(t, owner), 2, "it is renewed")
		_, err = f.invitations.Revoke(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		require.Zero(t, remind(tokenOf(t, again)))
	})

	// S40: at most three letters a day to an address.
	t.Run("are_mailed_three_times_a_day_at_most", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		email := address("often")
		one := invite(t, f, email)
		for range 5 {
			require.NoError(t, f.invitations.Mail(system(f.A), MailInvitation{one.ID}))
		}
		require.Len(t, f.letters(t, email), 3)
	})

	// S35: however often a link is used at once, one person comes in, once.
	t.Run("of_a_hundred_at_once_one_comes_in", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		token := tokenOf(t, invite(t, f, address("many")))
		members := func() int {
			n, err := db.One[int](f.A, f.Tenant, `select count(*) from memberships`)
			require.NoError(t, err)
			return n
		}
		before := members()
		came := 0
		for _, err := range parallel(100, func(int) error {
			// Without the hash, which is slow on purpose and has a limit of its own.
			return f.Platform.Tx(t.Context(), func(tx *db.PlatformTx) error {
				_, err := useInvitation(t.Context(), tx, domain.HashOf(token))
				return err
			})
		}) {
			if err == nil {
				came++
				continue
			}
			require.ErrorIs(t, err, domain.ErrNotFound)
		}
		require.Equal(t, 1, came)
		require.Equal(t, before, members())

		scope := tenancy.From(f.B)
		scope.SessionID = f.signedIn(t, f.B)
		email, err := db.One[string](f.B, f.Tenant, `select email from memberships where user_id = $1`, userID(f.B))
		require.NoError(t, err)
		token = tokenOf(t, invite(t, f, email))
		for _, err := range parallel(100, func(int) error {
			_, err := f.invitations.Accept(tenancy.With(t.Context(), scope), AcceptInvitation{Token: token})
			return err
		}) {
			if err != nil && !errors.Is(err, ErrInvitationOver) {
				require.NoError(t, err)
			}
		}
		require.Equal(t, before+1, members())
	})

	t.Run("give_what_the_inviter_may_give", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		admin := f.member(t, f.A, "admin")
		_, err := f.invitations.Create(admin, CreateInvitation{Email: address("x"), RoleID: f.role(t, f.A, "owner")})
		require.ErrorIs(t, err, domain.ErrDenied)
		for _, role := range []uuid.UUID{f.role(t, f.B, "agent"), db.NewID()} {
			_, err = f.invitations.Create(f.A, CreateInvitation{Email: address("x"), RoleID: role})
			require.Equal(t, "role_id", field(t, err))
		}
		_, err = f.invitations.Create(f.A, CreateInvitation{Email: address("x"), RoleID: f.role(t, f.A, "agent"), TeamIDs: []uuid.UUID{f.team(t, f.B, "Theirs")}})
		require.Equal(t, "team_ids", field(t, err))

		role, err := f.roles.Create(f.A, CreateRole{Name: "Helper", Permissions: []string{}})
		require.NoError(t, err)
		one, err := f.invitations.Create(f.A, CreateInvitation{Email: address("x"), RoleID: role.ID})
		require.NoError(t, err)
		_, err = f.roles.Delete(f.A, DeleteRole{role.ID})
		require.ErrorIs(t, err, ErrRoleInUse)
		_, err = f.invitations.Revoke(f.A, NamedInvitation{one.ID})
		require.NoError(t, err)
		_, err = f.roles.Delete(f.A, DeleteRole{role.ID})
		require.NoError(t, err)
		page, err := f.invitations.List(f.A, ListInvitations{})
		require.NoError(t, err)
		require.Nil(t, page.Items[0].Role, "it is gone")
	})

	t.Run("other_tenant_sees_and_changes_nothing", func(t *testing.T) {
		t.Parallel()
		f := setup(t)
		one := invite(t, f, address("ours"))
		for what, err := range map[string]error{
			"resend": failure(f.invitations.Resend(f.B, NamedInvitation{one.ID})),
			"revoke": failure(f.invitations.Revoke(f.B, NamedInvitation{one.ID})),
		} {
			require.ErrorIs(t, err, domain.ErrNotFound, what)
		}
		page, err := f.invitations.List(f.B, ListInvitations{})
		require.NoError(t, err)
		require.Empty(t, page.Items)
		_, err = f.invitations.Open(t.Context(), OpenInvitation{"guess"})
		require.ErrorIs(t, err, ErrInvitationOver)
	})
}

func system(ctx context.Context) context.Context {
	return tenancy.With(ctx, tenancy.System(tenancy.From(ctx).TenantID))
}

// letters are those kept for an address.
func (f *fixture) letters(t *testing.T, to string) (list []mail.KeptMessage) {
	t.Helper()
	page, err := f.mailbox.List(t.Context(), domain.None{})
	require.NoError(t, err)
	for _, one := range page.Items {
		if one.To == to {
			list = append(list, one)
		}
	}
	return list
}
