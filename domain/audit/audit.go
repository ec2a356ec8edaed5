// Package audit keeps the log of security-relevant acts: who did what to which
// object, from where, and what was different afterwards.
//
// Always true: an entry is written in the transaction of its act, so neither is there
// without the other; it names persons by id and holds no secret and nothing a customer
// wrote; once written nobody changes it, and its tenant's chain of hashes shows when
// somebody did.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Action is what was done, `object.verb`.
type Action string

// The acts that are kept. One word per act, for ever: entries hold them.
const (
	TenantCreated      Action = "tenant.created"
	TenantChanged      Action = "tenant.changed"
	BrandingChanged    Action = "branding.changed"
	NavigationChanged  Action = "navigation.changed"
	SignedIn           Action = "session.created"
	SignInFailed       Action = "session.refused"
	SignedOut          Action = "session.ended"
	SessionsEnded      Action = "session.all_ended"
	RefreshReused      Action = "session.token_reused"
	PasswordChanged    Action = "password.changed"
	PasswordReset      Action = "password.reset"
	EmailVerified      Action = "email.verified"
	SecondFactorOn     Action = "second_factor.enabled"
	SecondFactorOff    Action = "second_factor.disabled"
	RecoveryRenewed    Action = "second_factor.codes_renewed"
	SecurityChanged    Action = "security_settings.changed"
	MemberCreated      Action = "member.created"
	MemberChanged      Action = "member.changed"
	MemberRemoved      Action = "member.removed"
	MemberSignedOut    Action = "member.signed_out"
	MemberFactorReset  Action = "member.factor_reset"
	InvitationCreated  Action = "invitation.created"
	InvitationResent   Action = "invitation.resent"
	InvitationRevoked  Action = "invitation.revoked"
	InvitationAccepted Action = "invitation.accepted"
	RoleCreated        Action = "role.created"
	RoleChanged        Action = "role.changed"
	RoleDeleted        Action = "role.deleted"
	TeamCreated        Action = "team.created"
	TeamChanged        Action = "team.changed"
	TeamArchived       Action = "team.archived"
	TeamRestored       Action = "team.restored"
	TeamMemberAdded    Action = "team.member_added"
	TeamMemberChanged  Action = "team.member_changed"
	TeamMemberRemoved  Action = "team.member_removed"
	KeyCreated         Action = "api_key.created"
	KeyChanged         Action = "api_key.changed"
	KeyRotated         Action = "api_key.rotated"
	KeyRevoked         Action = "api_key.revoked"
	ChannelConnected   Action = "channel.connected"
	LogExported        Action = "audit_log.exported"
	OperatorCreated    Action = "operator.created"
	PlatformChanged    Action = "platform_settings.changed"
)

// Platform stands for the installation itself where a tenant is named: its operators'
// acts have a chain of their own, which no tenant can read.
var Platform = uuid.UUID{6: 0x40, 8: 0x80, 15: 1}

// Kinds of actor.
const (
	actorUser   = "user"
	actorSystem = "system"
	actorKey    = "api_key"
)

// Act is one thing done to one object. Before and After hold the members that differ.
type Act struct {
	Action   Action
	ObjectID uuid.UUID
	// Actor is a person and defaults to who the context acts as, a person or a key;
	// sign-in has neither there yet.
	Actor         uuid.UUID
	Before, After map[string]any
}

// object is the noun of the action.
func (a Action) object() string {
	for i := range len(a) {
		if a[i] == '.' {
			return string(a[:i])
		}
	}
	return string(a)
}

// Record adds acts to the transaction that does them.
func Record(ctx context.Context, tx *db.Tx, acts ...Act) error {
	for _, a := range acts {
		e, err := newEntry(ctx, tx.Tenant(), a)
		if err != nil {
			return err
		}
		if err := insertEntry(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// RecordFor is Record for an act of the platform's that concerns a tenant: signing in
// to it, making it.
func RecordFor(ctx context.Context, tx *db.PlatformTx, tenant uuid.UUID, acts ...Act) error {
	for _, a := range acts {
		e, err := newEntry(ctx, tenant, a)
		if err != nil {
			return err
		}
		if err := insertEntryFor(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func newEntry(ctx context.Context, tenant uuid.UUID, a Act) (entryRow, error) {
	request := domain.RequestOf(ctx)
	e := entryRow{
		TenantID: tenant, ID: db.NewID(), ActorKind: actorSystem, Action: string(a.Action), Object: a.Action.object(),
		IP: request.IP, UserAgent: request.UserAgent, RequestID: request.ID,
	}
	scope := tenancy.From(ctx)
	actor := a.Actor
	switch {
	case actor != uuid.Nil:
		e.ActorKind = actorUser
	case scope.KeyID != uuid.Nil:
		e.ActorKind, actor = actorKey, scope.KeyID
	case scope.UserID != uuid.Nil:
		e.ActorKind, actor = actorUser, scope.UserID
	}
	if actor != uuid.Nil {
		e.ActorID = &actor
	}
	if a.ObjectID != uuid.Nil {
		e.ObjectID = &a.ObjectID
	}
	var err error
	if e.Before, err = members(a.Before); err == nil {
		e.After, err = members(a.After)
	}
	if err != nil {
		return e, fmt.Errorf("encode act %s: %w", a.Action, err)
	}
	return e, nil
}

func members(m map[string]any) (*string, error) {
	if len(m) == 0 {
		return nil, nil //nolint:nilnil // SQL's null
	}
	b, err := json.Marshal(m)
	text := string(b)
	return &text, err
}

// Changed returns the members of before and after that differ; what one of them lacks
// is null there.
func Changed(before, after map[string]any) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for name, value := range after {
		if old, ok := before[name]; !ok || !same(old, value) {
			was[name], is[name] = old, value
		}
	}
	for name, old := range before {
		if _, stays := after[name]; !stays {
			was[name], is[name] = old, nil
		}
	}
	return was, is
}

func same(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}
