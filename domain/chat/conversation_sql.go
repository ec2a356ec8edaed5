package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// conversationRow is a conversation with the names it is shown with, for one reader.
type conversationRow struct {
	ID              uuid.UUID
	Number          int64
	ChannelID       uuid.UUID
	ChannelKind     string
	ChannelName     string
	ContactID       uuid.UUID
	ContactName     string
	IdentityID      uuid.UUID
	KeyKind         *string
	KeyValue        *string
	Username        *string
	Status          string
	OwnerEpoch      int64
	AssigneeID      *uuid.UUID
	AssigneeName    *string
	OfferedTo       *uuid.UUID
	TeamID          *uuid.UUID
	TeamName        *string
	Priority        string
	Subject         *string
	Simulated       bool
	WindowExpiresAt *time.Time
	WaitingSince    *time.Time
	SnoozedUntil    *time.Time
	ResolvedAt      *time.Time
	Cycle           int
	PreviousID      *uuid.UUID
	LastSeq         int64
	LastMessageAt   time.Time
	InboundCount    int64
	AnsweredCount   int64
	ReadCount       *int64
	Version         int64
	CreatedAt       time.Time
	UpdatedAt       time.Time
	LmID            *uuid.UUID
	LmSeq           *int64
	LmDirection     *string
	LmKind          *string
	LmText          *string
	LmStatus        *string
	LmSenderKind    *string
	LmSenderID      *uuid.UUID
	LmSenderName    *string
	LmCreatedAt     *time.Time
}

// conversationSelect shows conversations `c`, which the caller's from clause
// provides; $1 is the reader. Every join is by primary key under row-level security.
const conversationSelect = `
	select c.id, c.number, c.channel_id, ch.kind channel_kind, ch.name channel_name, c.contact_id, ct.name contact_name,
	       c.identity_id, k.kind key_kind, k.value key_value, ci.username, c.status, c.owner_epoch,
	       c.assignee_id, am.name assignee_name, c.offered_to, c.team_id, tm.name team_name, c.priority, c.subject, c.simulated,
	       c.window_expires_at, c.waiting_since, c.snoozed_until, c.resolved_at, c.cycle, c.previous_id, c.last_seq,
	       c.last_message_at, c.inbound_count, c.answered_count, rm.inbound_count read_count, c.version, c.created_at, c.updated_at,
	       lm.id lm_id, lm.seq lm_seq, lm.direction lm_direction, lm.kind lm_kind, left(lm.text, 300) lm_text, lm.status lm_status,
	       lm.sender_kind lm_sender_kind, lm.sender_id lm_sender_id, lm.sender_name lm_sender_name, lm.created_at lm_created_at`

const conversationJoins = `
	join channels ch on ch.id = c.channel_id
	join contacts ct on ct.id = c.contact_id
	join contact_identities ci on ci.id = c.identity_id
	left join lateral (
		select kind, value from identity_keys where identity_id = c.identity_id order by kind desc limit 1) k on true
	left join messages lm on lm.id = c.last_message_id
	left join memberships am on am.user_id = c.assignee_id
	left join teams tm on tm.id = c.team_id
	left join read_markers rm on rm.user_id = $1 and rm.conversation_id = c.id`

// unreadCondition holds where the reader has something unread.
const unreadCondition = `c.inbound_count > coalesce(
	(select inbound_count from read_markers where user_id = $1 and conversation_id = c.id), c.answered_count)`

// visible is the one predicate of row scope (PRODUCT.md §5.2) over conversations
// `c`; Scope.Sees says the same about a frame.
func visible(s tenancy.Scope, p *params) string {
	if s.Rows.All {
		return "true"
	}
	var either []string
	if s.Rows.Own {
		either = append(either, "c.assignee_id = $1", "c.offered_to = $1",
			"(c.status = 'queued' and c.team_id = any("+p.add(ids(s.Teams))+"))")
	}
	switch {
	case s.Rows.Team: // what they manage is among them
		either = append(either, "c.team_id = any("+p.add(ids(s.Teams))+")")
	case len(s.Manages) > 0:
		either = append(either, "c.team_id = any("+p.add(s.Manages)+")")
	}
	if s.Rows.Channel {
		either = append(either, "c.channel_id = any("+p.add(ids(s.Channels))+")")
	}
	if len(either) == 0 {
		return "false"
	}
	return "(" + strings.Join(either, " or ") + ")"
}

// ids makes a nil slice an empty array: NULL would make any() unknown.
func ids(list []uuid.UUID) []uuid.UUID {
	if list == nil {
		return []uuid.UUID{}
	}
	return list
}

// listConversations reads one row more than the page: one range of
// conversations_open_idx (or _status_idx), joined afterwards.
func listConversations(ctx context.Context, d *db.Tenant, f filter) (rows []conversationRow, err error) {
	order, than := "desc", "<"
	if !f.desc {
		order, than = "asc", ">"
	}
	if f.after != nil {
		f.where = append(f.where, fmt.Sprintf("(c.last_message_at, c.id) %s (%s, %s)", than,
			f.params.add(time.UnixMicro(f.after.At).UTC()), f.params.add(f.after.ID)))
	}
	query := conversationSelect + fmt.Sprintf(`
	from (
		select * from conversations c
		where %s
		order by c.last_message_at %s, c.id %s
		limit %s) c`, strings.Join(f.where, "\n\t\t  and "), order, order, f.params.add(f.limit+1)) +
		conversationJoins + fmt.Sprintf(`
	order by c.last_message_at %s, c.id %s`, order, order)
	err = d.Direct(ctx, func(conn *pgx.Conn) error {
		found, err := conn.Query(ctx, query, f.params...)
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(found, pgx.RowToStructByName[conversationRow])
		return err
	})
	return rows, err
}

func getConversation(ctx context.Context, d *db.Tenant, id uuid.UUID) (conversationRow, error) {
	scope := tenancy.From(ctx)
	p := reader(scope)
	var row conversationRow
	err := d.Direct(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, conversationSelect+`
	from conversations c`+conversationJoins+`
	where c.id = `+p.add(id)+`
	  and `+visible(scope, &p), p...)
		if err != nil {
			return err
		}
		row, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[conversationRow])
		return err
	})
	return row, err
}

// conversationsByID shows conversations to the system, whose unread is filled in per
// recipient when the frame is written.
func conversationsByID(batch *pgx.Batch, list []uuid.UUID, each func(conversationRow)) {
	batch.Queue(conversationSelect+`
	from conversations c`+conversationJoins+`
	where c.id = any($2)`, uuid.Nil, list).Query(collect(each))
}

// countConversations is one pass over the open index of at most 10,000 rows.
func countConversations(ctx context.Context, d *db.Tenant) (Counts, error) {
	scope := tenancy.From(ctx)
	p := reader(scope)
	type row struct {
		Counts
		TeamID *uuid.UUID `db:"team_id"`
		N      int64      `db:"n"`
	}
	rows, err := db.All[row](ctx, d, `
		with open as (
			select c.status, c.assignee_id, c.team_id, `+unreadCondition+` unread,
			       exists (select from messages m where m.id = c.last_message_id and m.status = 'failed') failed
			from conversations c
			where c.status not in ('resolved', 'closed')
			  and `+visible(scope, &p)+`
			order by c.last_message_at desc, c.id desc
			limit 10000)
		select null::uuid team_id, 0::bigint n,
		       count(*) open,
		       count(*) filter (where assignee_id = $1) mine,
		       count(*) filter (where status in ('queued', 'offered')) unassigned,
		       count(*) filter (where status = 'snoozed') snoozed,
		       count(*) filter (where status = 'bot') bot,
		       count(*) filter (where unread) unread,
		       count(*) filter (where failed) failed,
		       0::bigint mentions
		from open
		union all
		select team_id, count(*), 0, 0, 0, 0, 0, 0, 0, 0 from open where team_id is not null group by team_id`,
		p...)
	if err != nil {
		return Counts{}, err
	}
	counts := Counts{ByTeam: map[uuid.UUID]int64{}, ByView: map[uuid.UUID]int64{}}
	for _, r := range rows {
		if r.TeamID != nil {
			counts.ByTeam[*r.TeamID] = r.N
			continue
		}
		r.Counts.ByTeam, r.Counts.ByView = counts.ByTeam, counts.ByView
		counts = r.Counts
	}
	return counts, nil
}

// view is what the API shows of the row.
func (r conversationRow) view(pii bool) Conversation {
	identity := IdentityRef{ID: r.IdentityID, Username: r.Username}
	if r.KeyKind != nil {
		identity.Kind, identity.Value = *r.KeyKind, shown(*r.KeyKind, *r.KeyValue, pii)
	}
	v := Conversation{
		ID: r.ID, Number: r.Number, Channel: ChannelRef{r.ChannelID, r.ChannelKind, r.ChannelName},
		Contact: ContactRef{r.ContactID, named(r.ContactName, identity), identity},
		Status:  r.Status, Assignee: ref(r.AssigneeID, r.AssigneeName), Team: ref(r.TeamID, r.TeamName),
		Priority: r.Priority, Subject: r.Subject, LastSeq: r.LastSeq, Unread: r.unread(),
		WindowExpiresAt: at(r.WindowExpiresAt), WaitingSince: at(r.WaitingSince), SnoozedUntil: at(r.SnoozedUntil),
		ResolvedAt: at(r.ResolvedAt), Tags: []Ref{}, Owner: Owner{ownerKind(r.Status), r.OwnerEpoch}, Cycle: r.Cycle,
		PreviousID: r.PreviousID, Simulated: r.Simulated, Version: r.Version,
		CreatedAt: domain.At(r.CreatedAt), UpdatedAt: domain.At(r.UpdatedAt),
	}
	if r.LmID != nil {
		sender := Sender{*r.LmSenderKind, r.LmSenderID, *r.LmSenderName}
		if sender.Kind == "contact" {
			sender.Name = v.Contact.Name
		}
		v.LastMessage = &LastMessage{*r.LmID, *r.LmSeq, *r.LmDirection, *r.LmKind, r.LmText, *r.LmStatus, sender, domain.At(*r.LmCreatedAt)}
	}
	return v
}

// unread is what came in since the reader's marker; who never opened the
// conversation counts from our last reply.
func (r conversationRow) unread() int64 {
	seen := r.AnsweredCount
	if r.ReadCount != nil {
		seen = *r.ReadCount
	}
	return max(r.InboundCount-seen, 0)
}

// audience is who may see what happens in the conversation.
func (r conversationRow) audience() domain.Audience {
	a := domain.Audience{Channel: r.ChannelID, Queued: r.Status == StatusQueued}
	if r.AssigneeID != nil {
		a.Assignee = *r.AssigneeID
	}
	if r.OfferedTo != nil {
		a.OfferedTo = *r.OfferedTo
	}
	if r.TeamID != nil {
		a.Team = *r.TeamID
	}
	return a
}

func ref(id *uuid.UUID, name *string) *Ref {
	if id == nil {
		return nil
	}
	r := Ref{ID: *id}
	if name != nil {
		r.Name = *name
	}
	return &r
}

func at(t *time.Time) *domain.Time {
	if t == nil {
		return nil
	}
	d := domain.At(*t)
	return &d
}
