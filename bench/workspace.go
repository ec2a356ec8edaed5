package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain/access"
	"baraza/tenancy"
)

// workspace is a tenant with a number, and people who are signed in.
type workspace struct {
	tenant, team, channel uuid.UUID
	number                string
	people                []person // the owner first
}

type person struct{ user, session uuid.UUID }

// rolesUsed are the built-in roles that people here have, with the rows they reach.
var rolesUsed = map[string][]string{"owner": {"all"}, "agent": {"own"}}

// newWorkspace makes a tenant with an owner and so many agents. What has to do with
// passwords is left out: nobody signs in here, tokens are signed directly.
func (s *stage) newWorkspace(ctx context.Context, slug string, agents int) (workspace, error) {
	w := workspace{tenant: db.NewID(), team: db.NewID(), channel: db.NewID(), number: fmt.Sprintf("4182%011d", uint64(uuid.New().ID()))}
	for range agents + 1 {
		w.people = append(w.people, person{db.NewID(), db.NewID()})
	}
	wrapped, err := s.master.NewTenantKey(w.tenant)
	if err != nil {
		return w, err
	}
	batch := &pgx.Batch{}
	batch.Queue(`insert into tenants (id, slug, name) values ($1, $2, $2)`, w.tenant, slug)
	batch.Queue(`insert into tenant_keys (tenant_id, wrapped) values ($1, $2)`, w.tenant, wrapped)
	batch.Queue(`insert into teams (tenant_id, id, name, everyone) values ($1, $2, 'Everyone', true)`, w.tenant, w.team)
	for _, r := range tenancy.BuiltinRoles() {
		scopes, used := rolesUsed[r.Key]
		if !used {
			continue
		}
		var permissions []string
		for _, p := range r.Permissions.List() {
			permissions = append(permissions, string(p))
		}
		batch.Queue(`insert into roles (tenant_id, id, key, name, builtin, permissions, scopes) values ($1, $2, $3, $4, true, $5, $6)`,
			w.tenant, db.NewID(), r.Key, r.Name, permissions, scopes)
	}
	for i, p := range w.people {
		role := "agent"
		if i == 0 {
			role = "owner"
		}
		email := p.user.String() + "@example.test"
		batch.Queue(`insert into users (id, email, email_lower, password_hash, name) values ($1, $2, $2, '', $3)`, p.user, email, "Person "+role)
		batch.Queue(`
			insert into memberships (tenant_id, id, user_id, role_id, name, email)
			select $1, $2, $3, id, $4, $5 from roles where tenant_id = $1 and key = $6`, w.tenant, db.NewID(), p.user, "Person "+role, email, role)
		batch.Queue(`insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)`, w.tenant, w.team, p.user)
		batch.Queue(`
			insert into login_sessions (id, user_id, active_tenant, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
			p.session, p.user, w.tenant)
	}
	batch.Queue(`
		insert into channels (tenant_id, id, kind, name, status, phone_number_id, waba_id, identity_scope, sealed_credentials, token_last4, team_id)
		values ($1, $2, 'whatsapp', 'Support line', 'connected', $3, $3, $3, '', '', $4)`, w.tenant, w.channel, w.number, w.team)
	batch.Queue(`
		insert into channel_routes (tenant_id, provider, routing_key, channel_id, simulated) values ($1, 'whatsapp', $2, $3, false)`,
		w.tenant, w.number, w.channel)
	if err := s.admin.SendBatch(ctx, batch).Close(); err != nil {
		return w, fmt.Errorf("make workspace %s: %w", slug, err)
	}
	return w, nil
}

// findWorkspace returns a workspace that was made before, or ok false.
func (s *stage) findWorkspace(ctx context.Context, slug string) (w workspace, ok bool, err error) {
	err = s.admin.QueryRow(ctx, `
		select t.id, c.id, c.team_id, c.phone_number_id from tenants t join channels c on c.tenant_id = t.id where t.slug = $1`, slug).
		Scan(&w.tenant, &w.channel, &w.team, &w.number)
	if errors.Is(err, pgx.ErrNoRows) {
		return w, false, nil
	}
	if err != nil {
		return w, false, fmt.Errorf("look for workspace %s: %w", slug, err)
	}
	rows, err := s.admin.Query(ctx, `
		select m.user_id, s.id from memberships m join login_sessions s on s.user_id = m.user_id join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
		where m.tenant_id = $1 order by r.key desc, m.id`, w.tenant) // owner before agent
	if err != nil {
		return w, false, err
	}
	w.people, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (p person, err error) {
		return p, r.Scan(&p.user, &p.session)
	})
	return w, true, err
}

// signer signs access tokens as the running program does, with its key.
func (s *stage) signer(ctx context.Context) (*access.Tokens, func() error, error) {
	platform, err := db.OpenPlatform(ctx, s.url("baraza_platform"), 2, nil)
	if err != nil {
		return nil, nil, err
	}
	tokens := &access.Tokens{DB: platform, Master: s.master, BaseURL: s.app.baseURL()}
	if err := tokens.Load(ctx); err != nil {
		return nil, nil, errors.Join(err, platform.Close())
	}
	return tokens, platform.Close, nil
}

// tokens are access tokens of everybody in the workspaces, in their order.
func (s *stage) tokens(ctx context.Context, workspaces ...workspace) (list []string, err error) {
	signer, done, err := s.signer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	for _, w := range workspaces {
		for _, p := range w.people {
			token, err := signer.Sign(access.Claims{UserID: p.user, SessionID: p.session, TenantID: w.tenant})
			if err != nil {
				return nil, err
			}
			list = append(list, token)
		}
	}
	return list, nil
}
