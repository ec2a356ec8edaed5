package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/attempts"
	"baraza/domain/audit"
	"baraza/domain/mail"
	"baraza/tenancy"
)

// invitationLife is how long a mailed link is good for.
const invitationLife = 7 * 24 * time.Hour

// Invitations ask people to come into a workspace.
type Invitations struct {
	DB        *db.Tenant
	Platform  *db.Platform
	Newcomers *access.Newcomers
	Post      *mail.Post
	Cursors   *tenancy.Cursors
	Master    tenancy.Master
	// BaseURL is where links lead: the installation's, never what a request says.
	BaseURL string
}

// Invitation is one that was sent.
type Invitation struct {
	ID      uuid.UUID        `db:"id"      json:"id"`
	Email   string           `db:"email"   json:"email"`
	Role    *access.RoleName `db:"-"       json:"role"` // null when it is gone
	TeamIDs uuids            `db:"team_ids" json:"team_ids"`
	Inviter string           `db:"inviter" json:"inviter"`
	State   string           `db:"state"   json:"state" enum:"open,accepted,revoked,expired"`
	// ExpiresAt is when the link stops working.
	ExpiresAt domain.Time `db:"expires_at" json:"expires_at"`
	CreatedAt domain.Time `db:"created_at" json:"created_at"`
	// URL is the link, in the answer to making and resending it alone.
	URL *string `db:"-" json:"url"`
}

// Refusals about invitations.
var (
	// ErrInvitationOver is a link that ran out, was used or taken back, or never was: for
	// all but the last its reason is "expired", "accepted" or "revoked".
	ErrInvitationOver = &domain.Error{Kind: domain.Gone, Code: "expired", Detail: "This invitation is no longer good. Ask for a new one."}
	errInvited        = &domain.Error{Kind: domain.Conflict, Code: "already_exists", Detail: "This address is invited already. Send the invitation again instead.",
		Fields: []domain.FieldError{{Field: "email", Code: "already_exists", Detail: "is invited already"}}}
	errMember = &domain.Error{Kind: domain.Conflict, Code: "already_exists", Detail: "This person is a member of the workspace already.",
		Fields: []domain.FieldError{{Field: "email", Code: "already_exists", Detail: "is a member's already"}}}
)

// MailInvitation is the job that mails the link. The link is made from the key anew:
// no job holds one.
type MailInvitation struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job.
func (MailInvitation) Kind() string { return "people.mail_invitation" }

// Queue is that of all mail.
func (MailInvitation) Queue() string { return mail.Queue }

// CreateInvitation asks somebody to come.
type CreateInvitation struct {
	Email   string      `json:"email"    validate:"required,email,max=254"`
	RoleID  uuid.UUID   `json:"role_id"  validate:"required"`
	TeamIDs []uuid.UUID `json:"team_ids" validate:"max=50,unique"`
}

// Create mails a link that is good for seven days, once. Only a role and teams the
// caller could give; a member's address, or one that is invited, is already_exists.
func (i *Invitations) Create(ctx context.Context, in CreateInvitation) (Invitation, error) {
	in.Email = strings.TrimSpace(in.Email)
	language, _, err := i.Newcomers.Known(ctx, in.Email)
	if err != nil {
		return Invitation{}, err
	}
	row := invitationRow{ID: db.NewID(), Email: in.Email, Serial: 1, Language: language}
	err = i.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := grantable(ctx, tx, in.RoleID); err != nil {
			return err
		}
		if err := mayFill(ctx, tx, in.TeamIDs); err != nil {
			return err
		}
		member, err := isMember(ctx, tx, in.Email)
		if err != nil {
			return err
		}
		if member {
			return errMember
		}
		if err := insertInvitation(ctx, tx, row, in, i.hash(row)); err != nil {
			return err
		}
		act := audit.Act{Action: audit.InvitationCreated, ObjectID: row.ID, After: map[string]any{"role_id": in.RoleID, "team_ids": in.TeamIDs}}
		if err := audit.Record(ctx, tx, act); err != nil {
			return err
		}
		return db.Enqueue(ctx, tx, MailInvitation{row.ID})
	})
	if err != nil {
		return Invitation{}, err
	}
	return i.shown(ctx, row)
}

// shown is an invitation with its link.
func (i *Invitations) shown(ctx context.Context, row invitationRow) (Invitation, error) {
	one, err := invitationByID(ctx, i.DB, row.ID)
	link := i.link(row)
	one.URL = &link
	return one, err
}

// ListInvitations asks for a page of them.
type ListInvitations struct {
	tenancy.Paging
	State string `query:"state" json:"-" validate:"omitempty,oneof=open accepted revoked expired"`
}

const invitationsList = "invitations"

// List returns the invitations, newest first.
func (i *Invitations) List(ctx context.Context, in ListInvitations) (domain.Page[Invitation], error) {
	before, err := in.From(ctx, i.Cursors, invitationsList, uuid.Max)
	if err != nil {
		return domain.Page[Invitation]{}, err
	}
	rows, err := listInvitations(ctx, i.DB, before, in.State, in.Rows())
	if err != nil {
		return domain.Page[Invitation]{}, err
	}
	return tenancy.PageOf(ctx, i.Cursors, invitationsList, in.Paging, rows, func(one Invitation) uuid.UUID { return one.ID })
}

// NamedInvitation names one.
type NamedInvitation struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// Resend mails another link, good for seven days from now; the one before no longer
// works. Also one that ran out is open again.
func (i *Invitations) Resend(ctx context.Context, in NamedInvitation) (Invitation, error) {
	var row invitationRow
	err := i.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		if row, err = lockInvitation(ctx, tx, in.ID); err != nil {
			return err
		}
		if _, err := grantable(ctx, tx, row.RoleID); err != nil {
			return err
		}
		row.Serial++
		if err := renewInvitation(ctx, tx, row, i.hash(row)); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Act{Action: audit.InvitationResent, ObjectID: in.ID}); err != nil {
			return err
		}
		return db.Enqueue(ctx, tx, MailInvitation(in))
	})
	if err != nil {
		return Invitation{}, err
	}
	return i.shown(ctx, row)
}

// Revoke takes an invitation back: its link no longer works.
func (i *Invitations) Revoke(ctx context.Context, in NamedInvitation) (domain.None, error) {
	return domain.None{}, i.DB.Tx(ctx, func(tx *db.Tx) error {
		if _, err := lockInvitation(ctx, tx, in.ID); err != nil {
			return err
		}
		if err := revokeInvitation(ctx, tx, in.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Act{Action: audit.InvitationRevoked, ObjectID: in.ID})
	})
}

// Mail sends the link of an invitation that is still open.
func (i *Invitations) Mail(ctx context.Context, job MailInvitation) error {
	row, err := openInvitation(ctx, i.DB, job.ID)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	workspace, err := tenantName(ctx, i.Platform, tenancy.From(ctx).TenantID)
	if err != nil {
		return err
	}
	return i.Post.Send(ctx, mail.Letter{
		Kind: mail.Invitation, To: row.Email, Language: row.Language, Link: i.link(row), Inviter: row.Inviter, Workspace: workspace,
	})
}

// OpenInvitation brings a link's token.
type OpenInvitation struct {
	Token string `param:"token" json:"-" validate:"max=200"`
}

// Invited is what somebody with a link is shown before they come in.
type Invited struct {
	TenantName string `json:"tenant_name"`
	Email      string `json:"email"`
	Inviter    string `json:"inviter"`
	// Role is its name; RoleKey says which of the built-in ones it is, null for a custom one.
	Role    string  `json:"role"`
	RoleKey *string `json:"role_key"`
	// Permissions are what the role may do.
	Permissions db.Texts `json:"permissions"`
	// ExistingUser says that the address has an account: its person signs in first.
	ExistingUser bool `json:"existing_user"`
}

// Open shows an invitation to who has its link.
func (i *Invitations) Open(ctx context.Context, in OpenInvitation) (Invited, error) {
	row, err := i.byToken(ctx, in.Token)
	if err != nil {
		return Invited{}, err
	}
	_, known, err := i.Newcomers.Known(ctx, row.Email)
	return Invited{
		TenantName: row.TenantName, Email: row.Email, Inviter: row.Inviter, Role: row.RoleName, RoleKey: row.RoleKey,
		Permissions: row.Permissions, ExistingUser: known,
	}, err
}

// byToken finds the invitation of a link that works. Who holds one that does not is told
// why, and whom to ask.
func (i *Invitations) byToken(ctx context.Context, token string) (invitationRow, error) {
	row, err := invitationByToken(ctx, i.Platform, domain.HashOf(token))
	if !errors.Is(err, domain.ErrNotFound) {
		return row, err
	}
	end, err := invitationEnd(ctx, i.Platform, domain.HashOf(token))
	if err != nil {
		return row, over(err)
	}
	return row, ErrInvitationOver.Naming(map[string]any{"reason": end.Reason, "inviter": end.Inviter, "tenant_name": end.TenantName})
}

// remindTries are the letters to the inviter about one link.
var remindTries = attempts.Limit{Kind: "invitation_reminder", Max: 1, Every: 24 * time.Hour}

// MailReminder is the job that tells an inviter that their link ran out.
type MailReminder struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job.
func (MailReminder) Kind() string { return "people.mail_reminder" }

// Queue is that of all mail.
func (MailReminder) Queue() string { return mail.Queue }

// Remind asks the inviter for another link, once a day. Whatever the token, the answer is
// the same: it tells nobody whether there is such an invitation.
func (i *Invitations) Remind(ctx context.Context, in OpenInvitation) (domain.None, error) {
	return domain.None{}, i.Platform.Tx(ctx, func(tx *db.PlatformTx) error {
		end, err := invitationEnd(ctx, tx, domain.HashOf(in.Token))
		if errors.Is(err, domain.ErrNotFound) || err == nil && end.Reason != "expired" {
			return nil
		}
		if err != nil {
			return err
		}
		err = attempts.Take(ctx, tx, remindTries, end.ID.String())
		if errors.Is(err, attempts.ErrTooMany) {
			return nil
		}
		if err != nil {
			return err
		}
		return db.PlatformEnqueue(ctx, tx, MailReminder{end.ID})
	})
}

// MailReminder sends it to an inviter who is a member still, unless the invitation was
// renewed or taken back meanwhile.
func (i *Invitations) MailReminder(ctx context.Context, job MailReminder) error {
	r, err := reminder(ctx, i.Platform, job.ID)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return i.Post.Send(ctx, mail.Letter{
		Kind: mail.InvitationReminder, To: r.To, Language: r.Language, Name: r.Name, Guest: r.Guest, Workspace: r.Workspace,
		Link: i.BaseURL + "/t/" + r.Slug + "/settings/people?tab=invitations&sent=expired",
	})
}

// AcceptInvitation comes in: a new person with name and password, who is signed in as
// the invited address with neither.
type AcceptInvitation struct {
	Token    string `param:"token" json:"-" validate:"max=200"`
	Name     string `json:"name"     validate:"max=80"`
	Password string `json:"password" validate:"max=1000"`
}

// Accept makes the person a member, once however often it is asked, and answers with a
// session in the workspace.
func (i *Invitations) Accept(ctx context.Context, in AcceptInvitation) (access.Session, error) {
	row, err := i.byToken(ctx, in.Token)
	if err != nil {
		return access.Session{}, err
	}
	someone := access.Newcomer{Email: row.Email, Name: in.Name, Password: in.Password}
	return i.Newcomers.Join(ctx, someone, func(tx *db.PlatformTx, user uuid.UUID) (access.Place, error) {
		used, err := useInvitation(ctx, tx, domain.HashOf(in.Token))
		if err != nil {
			return access.Place{}, over(err)
		}
		act := audit.Act{Action: audit.InvitationAccepted, ObjectID: used.ID, Actor: user, After: map[string]any{"user_id": user, "role_id": used.RoleID}}
		return access.Place{TenantID: used.TenantID, RoleID: used.RoleID, Teams: used.TeamIDs}, audit.RecordFor(ctx, tx, used.TenantID, act)
	})
}

func over(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return ErrInvitationOver
	}
	return err
}

// token is what a link holds: nobody without the key can make it from what is stored.
func (i *Invitations) token(row invitationRow) string {
	mac := hmac.New(sha256.New, i.Master.Derive("invitations"))
	mac.Write(row.ID[:])
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(row.Serial)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (i *Invitations) link(row invitationRow) string {
	return i.BaseURL + "/invite/" + i.token(row)
}

func (i *Invitations) hash(row invitationRow) []byte { return domain.HashOf(i.token(row)) }
