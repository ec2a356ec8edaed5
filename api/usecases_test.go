package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"baraza/domain"
	"baraza/tenancy"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Small use cases of the shape the product has.

type Note struct {
	ID        uuid.UUID   `json:"id"`
	Text      string      `json:"text"`
	Kind      string      `json:"kind" enum:"note,event"`
	Mentions  []uuid.UUID `json:"mentions"`
	AuthorID  *uuid.UUID  `json:"author_id"`
	Reply     *Reply      `json:"reply"`
	CreatedAt domain.Time `json:"created_at"`
	SeenAt    time.Time   `json:"seen_at"`
	Trace     string      `json:"trace,omitempty"`
}

type Reply struct {
	Seq int64 `json:"seq"`
}

type AddNote struct {
	ConversationID uuid.UUID      `param:"id" json:"-"`
	ClientID       *uuid.UUID     `json:"client_id"`
	Text           string         `json:"text" validate:"required,max=10"`
	Mentions       []uuid.UUID    `json:"mentions" validate:"max=2"`
	Buttons        []Button       `json:"buttons" validate:"max=3,dive"`
	Priority       string         `json:"priority" validate:"omitempty,oneof=low high"`
	Email          string         `json:"email" validate:"omitempty,email"`
	Weight         int            `json:"weight" validate:"max=5,min=0"`
	Due            *domain.Time   `json:"due"`
	Data           jsontext.Value `json:"data"`
	Muted          bool           `json:"muted"`
	Trace          bool           `query:"trace" json:"-"`
	IfMatch        string         `header:"If-Match" json:"-"`
	IP             string         `request:"ip" json:"-"`
	RequestID      string         `request:"id" json:"-"`
}

type Button struct {
	Title string `json:"title" validate:"required,min=2"`
}

type Paging struct {
	Limit  int    `query:"limit" json:"-" validate:"omitempty,min=1,max=200"`
	Cursor string `query:"cursor" json:"-" validate:"max=1024"`
}

type ListNotes struct {
	Paging
	ConversationID uuid.UUID    `param:"id" json:"-"`
	Status         []string     `query:"status" json:"-" validate:"max=3,dive,oneof=queued active"`
	Team           []uuid.UUID  `query:"team" json:"-"`
	Before         *int64       `query:"before" json:"-"`
	From           *domain.Time `query:"from" json:"-"`
	Score          float64      `query:"score" json:"-"`
}

type NoteList struct {
	domain.Page[Note]
	horizon string
}

func (p NoteList) Cursor() string { return p.horizon }

type PatchNote struct {
	ID      uuid.UUID                  `param:"id" json:"-"`
	NoteID  uuid.UUID                  `param:"note_id" json:"-"`
	Text    domain.Optional[string]    `json:"text" validate:"omitempty,max=10"`
	OwnerID domain.Optional[uuid.UUID] `json:"owner_id"`
	Button  domain.Optional[Button]    `json:"button"`
	Fields  domain.Optional[[]string]  `json:"fields" validate:"omitempty,max=2"`
}

type Versioned struct {
	Version int64  `json:"version"`
	Seen    string `json:"seen"`
}

func (v Versioned) ETag() string { return "31" }

type Sent struct {
	Text     string `json:"text"`
	replayed bool
	pending  bool
}

func (s Sent) Replayed() bool { return s.replayed }
func (s Sent) Pending() bool  { return s.pending }

type Send struct {
	Text string `json:"text" validate:"required"`
}

type Login struct {
	Email     string `json:"email" validate:"required,email"`
	Refresh   string `cookie:"refresh" json:"-"`
	UserAgent string `header:"User-Agent" json:"-"`
}

type LoggedIn struct {
	TokenType string `json:"token_type"`
	Seen      string `json:"seen"`
}

func (LoggedIn) Tokens() (string, string, time.Duration, time.Duration) {
	return "access-token", "refresh-token", 15 * time.Minute, 7 * 24 * time.Hour
}

type LoggedOut struct{}

func (LoggedOut) Tokens() (string, string, time.Duration, time.Duration) { return "", "", 0, 0 }

type Fail struct {
	Code string `query:"code" json:"-"`
}

func (f *fixture) table(r *Routes) {
	view, reply, note := tenancy.ConversationView, tenancy.ConversationReply, tenancy.ConversationNote
	route(r, "GET", "/api/conversations/:id/notes", view, 200, f.list, says("Lists the notes"))
	route(r, "POST", "/api/conversations/:id/notes", note, 201, f.add, says("Adds a note"))
	route(r, "PATCH", "/api/conversations/:id/notes/:note_id", note, 200, f.patch, says("Changes a note"))
	route(r, "DELETE", "/api/conversations/:id/notes/:note_id", note, 204, f.remove, says("Removes a note"))
	route(r, "PUT", "/api/conversations/:id/notes/:note_id", note, 200, f.replace, says("Replaces a note"))
	route(r, "POST", "/api/messages", reply, 201, f.send, says("Sends"))
	route(r, "GET", "/api/versioned", tenancy.Self, 200, f.versioned, says("Shows a version"))
	route(r, "GET", "/api/fail", tenancy.Public, 200, f.fails, says("Fails"))
	route(r, "GET", "/api/panic", tenancy.Public, 200, f.panics, says("Panics"))
	route(r, "GET", "/api/hold", tenancy.Public, 200, f.holds, within(time.Minute), says("Waits"))
	route(r, "POST", "/api/forgot", tenancy.Public, 202, f.forgot, says("Mails a link"))
	session(r, "POST", "/api/auth/login", tenancy.Public, 200, f.login, says("Signs in"))
	session(r, "POST", "/api/auth/logout", tenancy.Self, 204, f.logout, says("Signs out"))
	raw(r, "POST", "/webhooks/meta", tenancy.Public, f.webhook, sized(3<<20), says("Takes a webhook"))
	raw(r, "POST", "/api/media", tenancy.Self, f.upload, sized(25<<20), within(5*time.Minute), accepting("multipart/form-data"), says("Takes a file"))
	raw(r, "GET", "/api/events/tail", tenancy.Self, f.tail, stream, says("Streams events"))
	raw(r, "GET", "/m/:token", tenancy.Public, f.media, says("Gives a file"))
	raw(r, "POST", "/v1/capture", tenancy.Public, f.webhook, says("Takes events"))
}

func (f *fixture) list(_ context.Context, in ListNotes) (NoteList, error) {
	f.listed <- in
	return NoteList{horizon: "h-7"}, nil
}

func (f *fixture) add(_ context.Context, in AddNote) (Note, error) {
	f.added <- in
	return Note{ID: in.ConversationID, Text: in.Text, Kind: "note", CreatedAt: domain.At(time.Unix(1, 125_999_999)), SeenAt: time.Unix(1, 125_999_999)}, nil
}

func (f *fixture) patch(_ context.Context, in PatchNote) (Versioned, error) {
	seen := ""
	for _, one := range []struct {
		name      string
		set, null bool
	}{
		{"text", in.Text.Set, in.Text.Null}, {"owner_id", in.OwnerID.Set, in.OwnerID.Null},
		{"button", in.Button.Set, in.Button.Null}, {"fields", in.Fields.Set, in.Fields.Null},
	} {
		switch {
		case one.null:
			seen += one.name + "=null "
		case one.set:
			seen += one.name + "=set "
		}
	}
	return Versioned{Seen: seen}, nil
}

func (f *fixture) remove(context.Context, RemoveNote) (domain.None, error) { return domain.None{}, nil }

type RemoveNote struct {
	ID     uuid.UUID `param:"id" json:"-"`
	NoteID uuid.UUID `param:"note_id" json:"-"`
}

type ReplaceNote struct {
	ID     uuid.UUID `param:"id" json:"-"`
	NoteID uuid.UUID `param:"note_id" json:"-"`
	Text   string    `json:"text" validate:"required"`
}

func (f *fixture) replace(_ context.Context, in ReplaceNote) (Sent, error) {
	return Sent{Text: in.Text}, nil
}

func (f *fixture) send(_ context.Context, in Send) (Sent, error) {
	return Sent{Text: in.Text, replayed: in.Text == "again", pending: in.Text == "later"}, nil
}

func (f *fixture) versioned(context.Context, domain.None) (Versioned, error) {
	return Versioned{Version: 31}, nil
}

func (f *fixture) fails(_ context.Context, in Fail) (domain.Page[Note], error) {
	return domain.Page[Note]{}, failures[in.Code]
}

func (f *fixture) panics(context.Context, domain.None) (Note, error) { panic("a secret in a panic") }

func (f *fixture) holds(ctx context.Context, _ domain.None) (domain.Page[Note], error) {
	f.held <- struct{}{}
	select {
	case <-f.hold:
		return domain.Page[Note]{}, nil
	case <-ctx.Done():
		return domain.Page[Note]{}, ctx.Err()
	}
}

func (f *fixture) forgot(context.Context, Send) (domain.None, error) { return domain.None{}, nil }

func (f *fixture) login(_ context.Context, in Login) (LoggedIn, error) {
	return LoggedIn{TokenType: "Bearer", Seen: in.Refresh + "|" + in.UserAgent}, nil
}

func (f *fixture) logout(context.Context, domain.None) (LoggedOut, error) { return LoggedOut{}, nil }

func (f *fixture) webhook(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if len(body) > 0 && body[0] == '!' {
		return &domain.Error{Kind: domain.Unauthenticated, Code: "bad_signature", Detail: "The signature does not fit."}
	}
	_, err = io.WriteString(w, r.Header.Get("Cookie"))
	return err
}

func (f *fixture) upload(w http.ResponseWriter, r *http.Request) error {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusCreated)
	return json.MarshalWrite(w, n)
}

func (f *fixture) tail(w http.ResponseWriter, r *http.Request) error {
	if _, err := io.WriteString(w, "event: open\n\n"); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return err
	}
	f.held <- struct{}{}
	<-r.Context().Done()
	return r.Context().Err()
}

func (f *fixture) media(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("token") != "good" {
		return domain.ErrNotFound
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, err := io.WriteString(w, "bytes")
	return err
}
