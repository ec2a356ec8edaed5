package chat

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Conversation is the work item: one contact identity on one channel, from open to close.
type Conversation struct {
	ID              uuid.UUID    `json:"id"`
	Number          int64        `json:"number"`
	Channel         ChannelRef   `json:"channel"`
	Contact         ContactRef   `json:"contact"`
	Status          string       `json:"status" enum:"bot,queued,offered,active,snoozed,wrap_up,resolved,closed"`
	Assignee        *Ref         `json:"assignee"`
	Team            *Ref         `json:"team"`
	Priority        string       `json:"priority" enum:"low,normal,high,urgent"`
	Subject         *string      `json:"subject"`
	Unread          int64        `json:"unread"` // of the caller
	LastMessage     *LastMessage `json:"last_message"`
	LastSeq         int64        `json:"last_seq"`
	WindowExpiresAt *domain.Time `json:"window_expires_at"`
	WaitingSince    *domain.Time `json:"waiting_since"`
	Tags            []Ref        `json:"tags"`
	Owner           Owner        `json:"owner"`
	Cycle           int          `json:"cycle"`
	SnoozedUntil    *domain.Time `json:"snoozed_until"`
	Wrapup          *struct{}    `json:"wrapup"`
	PreviousID      *uuid.UUID   `json:"previous_id"`
	Simulated       bool         `json:"simulated"`
	Version         int64        `json:"version"` // grows with each change of the row
	CreatedAt       domain.Time  `json:"created_at"`
	UpdatedAt       domain.Time  `json:"updated_at"`
	ResolvedAt      *domain.Time `json:"resolved_at"`
}

// ChannelRef names the channel of a conversation.
type ChannelRef struct {
	ID   uuid.UUID `json:"id"`
	Kind string    `json:"kind" enum:"whatsapp,messenger,instagram"`
	Name string    `json:"name"`
}

// ContactRef names the customer. Without contact.view_pii the value is masked, and
// so is a name that is nothing but the value.
type ContactRef struct {
	ID       uuid.UUID   `json:"id"`
	Name     string      `json:"name"`
	Identity IdentityRef `json:"identity"`
}

// IdentityRef is how the platform names the customer.
type IdentityRef struct {
	ID       uuid.UUID `json:"id"`
	Kind     string    `json:"kind"`
	Value    string    `json:"value"`
	Username *string   `json:"username"`
}

// Owner says who speaks for us; epoch grows whenever that changes.
type Owner struct {
	Kind  string `json:"kind" enum:"bot,queue,human,none"`
	Epoch int64  `json:"epoch"`
}

// LastMessage is the newest message, for the list.
type LastMessage struct {
	ID        uuid.UUID   `json:"id"`
	Seq       int64       `json:"seq"`
	Direction string      `json:"direction" enum:"in,out"`
	Kind      string      `json:"kind"`
	Text      *string     `json:"text"`
	Status    string      `json:"status"`
	Sender    Sender      `json:"sender"`
	CreatedAt domain.Time `json:"created_at"`
}

func ownerKind(status string) string {
	switch status {
	case StatusBot:
		return "bot"
	case StatusQueued, StatusOffered:
		return "queue"
	case StatusActive, StatusSnoozed, StatusWrapUp:
		return "human"
	}
	return "none"
}

// GetConversation asks for one.
type GetConversation struct {
	ID uuid.UUID `param:"id" json:"-"`
}

// ListConversations filters the inbox: repeated parameters are alternatives,
// different ones narrow.
type ListConversations struct {
	Status   []string    `query:"status" json:"-" validate:"max=11,dive,oneof=bot queued offered active snoozed wrap_up resolved closed open unassigned assigned"`
	Assignee string      `query:"assignee" json:"-" validate:"omitempty,max=36"`
	Team     []uuid.UUID `query:"team" json:"-" validate:"max=50"`
	Channel  []uuid.UUID `query:"channel" json:"-" validate:"max=50"`
	Contact  *uuid.UUID  `query:"contact" json:"-"`
	Priority []string    `query:"priority" json:"-" validate:"max=4,dive,oneof=low normal high urgent"`
	Unread   bool        `query:"unread" json:"-"`
	Number   *int64      `query:"number" json:"-"`
	Sort     string      `query:"sort" json:"-" validate:"omitempty,oneof=newest oldest"`
	Limit    int         `query:"limit" json:"-" validate:"omitempty,min=1,max=200"`
	Cursor   string      `query:"cursor" json:"-" validate:"max=1024"`
}

// ConversationPage is a page of the inbox with the horizon it was read at.
type ConversationPage struct {
	Items      []Conversation `json:"items"`
	NextCursor *string        `json:"next_cursor"`
	Horizon    string         `json:"-"`
}

// Cursor is the change horizon, usable as `since` of a subscription.
func (p ConversationPage) Cursor() string { return p.Horizon }

// Conversations reads and changes the work items.
type Conversations struct {
	DB      *db.Tenant
	Cursors *tenancy.Cursors
	// Horizon is the reader's place in the tenant's changes: everything below it is
	// visible to a read that starts after it was taken.
	Horizon func(context.Context) string
}

// place is where a page of the list ended.
type place struct {
	At int64     `json:"at"` // microseconds, as Postgres keeps them
	ID uuid.UUID `json:"id"`
}

// List returns conversations of the caller's row scope, the newest message first.
func (c *Conversations) List(ctx context.Context, in ListConversations) (ConversationPage, error) {
	filter, err := in.filter(tenancy.From(ctx))
	if err != nil {
		return ConversationPage{}, err
	}
	if in.Cursor != "" {
		var after place
		if err := c.Cursors.Open(ctx, filter.bind, in.Cursor, &after); err != nil {
			return ConversationPage{}, err
		}
		filter.after = &after
	}
	horizon := c.Horizon(ctx)
	rows, err := listConversations(ctx, c.DB, filter)
	if err != nil {
		return ConversationPage{}, err
	}
	page := ConversationPage{Items: make([]Conversation, 0, len(rows)), Horizon: horizon}
	for i, row := range rows {
		if i == filter.limit {
			last := rows[i-1]
			next, err := c.Cursors.Seal(ctx, filter.bind, place{At: last.LastMessageAt.UnixMicro(), ID: last.ID})
			if err != nil {
				return ConversationPage{}, err
			}
			page.NextCursor = &next
			break
		}
		page.Items = append(page.Items, row.view(tenancy.From(ctx).May(tenancy.ContactViewPII)))
	}
	return page, nil
}

// Get returns one conversation; one the caller may not see is domain.ErrNotFound.
func (c *Conversations) Get(ctx context.Context, in GetConversation) (Conversation, error) {
	row, err := getConversation(ctx, c.DB, in.ID)
	if err != nil {
		return Conversation{}, err
	}
	return row.view(tenancy.From(ctx).May(tenancy.ContactViewPII)), nil
}

// Visible says, by error, whether the caller may see a conversation.
func (c *Conversations) Visible(ctx context.Context, id uuid.UUID) error {
	_, err := getConversation(ctx, c.DB, id)
	return err
}

// Counts of the inbox, each equal to the length of the list with the same filter,
// up to 10,000 open conversations.
type Counts struct {
	Mine       int64               `json:"mine" db:"mine"`
	Unassigned int64               `json:"unassigned" db:"unassigned"`
	Open       int64               `json:"open" db:"open"`
	Snoozed    int64               `json:"snoozed" db:"snoozed"`
	Mentions   int64               `json:"mentions" db:"mentions"`
	Unread     int64               `json:"unread" db:"unread"`
	Failed     int64               `json:"failed" db:"failed"`
	Bot        int64               `json:"bot" db:"bot"`
	ByTeam     map[uuid.UUID]int64 `json:"by_team" db:"-"`
	ByView     map[uuid.UUID]int64 `json:"by_view" db:"-"`
}

// Counts counts what the caller may see.
func (c *Conversations) Counts(ctx context.Context, _ domain.None) (Counts, error) {
	return countConversations(ctx, c.DB)
}

// params are a statement's parameters; the reader is always $1.
type params []any

func reader(s tenancy.Scope) params { return params{s.UserID} }

// add returns the new parameter's name in the text.
func (p *params) add(value any) string {
	*p = append(*p, value)
	return fmt.Sprintf("$%d", len(*p))
}

// filter is ListConversations made ready for SQL: text from closed sets, values as
// parameters.
type filter struct {
	where  []string
	params params
	bind   string // what a cursor of this list is bound to
	desc   bool
	after  *place
	limit  int
}

// add appends a condition on one value; condition names it as %s.
func (f *filter) add(condition string, value any) {
	f.where = append(f.where, fmt.Sprintf(condition, f.params.add(value)))
	f.bind += fmt.Sprintf("|%s=%v", condition, value)
}

var statusGroups = map[string][]string{
	"open":       {StatusBot, StatusQueued, StatusOffered, StatusActive, StatusSnoozed, StatusWrapUp},
	"unassigned": {StatusQueued, StatusOffered},
	"assigned":   {StatusActive, StatusSnoozed, StatusWrapUp},
}

func (in ListConversations) filter(scope tenancy.Scope) (filter, error) {
	f := filter{limit: in.Limit, desc: in.Sort != "oldest", bind: "conversations", params: reader(scope)}
	f.where = append(f.where, visible(scope, &f.params))
	if f.limit == 0 {
		f.limit = 50
	}
	if len(in.Status) > 0 {
		f.status(in.Status)
	}
	switch in.Assignee {
	case "":
	case "me":
		f.add("c.assignee_id = %s", scope.UserID)
	case "none":
		f.where = append(f.where, "c.assignee_id is null")
		f.bind += "|none"
	default:
		id, err := uuid.Parse(in.Assignee)
		if err != nil {
			return f, domain.BadParameter("assignee", "me, none or the id of a member")
		}
		f.add("c.assignee_id = %s", id)
	}
	if len(in.Team) > 0 {
		f.add("c.team_id = any(%s)", in.Team)
	}
	if len(in.Channel) > 0 {
		f.add("c.channel_id = any(%s)", in.Channel)
	}
	if in.Contact != nil {
		f.add("c.contact_id = %s", *in.Contact)
	}
	if len(in.Priority) > 0 {
		f.add("c.priority = any(%s)", in.Priority)
	}
	if in.Number != nil {
		f.add("c.number = %s", *in.Number)
	}
	if in.Unread {
		f.where = append(f.where, unreadCondition)
		f.bind += "|unread"
	}
	f.bind += "|" + in.Sort
	return f, nil
}

// status narrows to statuses and groups. The open set is written as a literal: a
// partial index serves only conditions the planner can prove.
func (f *filter) status(wanted []string) {
	set := map[string]bool{}
	for _, s := range wanted {
		if group, ok := statusGroups[s]; ok {
			for _, member := range group {
				set[member] = true
			}
			continue
		}
		set[s] = true
	}
	list := make([]string, 0, len(set))
	for _, s := range append(statusGroups["open"], StatusResolved, StatusClosed) {
		if set[s] {
			list = append(list, s)
		}
	}
	if !set[StatusResolved] && !set[StatusClosed] {
		f.where = append(f.where, "c.status not in ('resolved', 'closed')")
	}
	if strings.Join(list, " ") == strings.Join(statusGroups["open"], " ") {
		f.bind += "|open"
		return
	}
	if len(list) == 1 {
		// An equality keeps the index's order; any() of one would sort all of that status for each page.
		f.add("c.status = %s", list[0])
		return
	}
	f.add("c.status = any(%s)", list)
}
