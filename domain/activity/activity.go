// Package activity keeps what people do in the product: the rows behind the figures
// about its use. It is no evidence; that is package audit.
//
// Always true: user, address and agent are the server's knowledge, never the client's
// word; polling and sockets leave nothing; rows older than 90 days go.
package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain"
	"baraza/tenancy"
)

// Type is what was done; the list is closed.
type Type string

// The types of activity.
const (
	Login            Type = "LOGIN"
	Logout           Type = "LOGOUT"
	PageView         Type = "PAGE_VIEW"
	ChatMessage      Type = "CHAT_MESSAGE"
	ChatSessionStart Type = "CHAT_SESSION_START"
	ChatSessionEnd   Type = "CHAT_SESSION_END"
	DashboardView    Type = "DASHBOARD_VIEW"
	LogSearch        Type = "LOG_SEARCH"
	LogView          Type = "LOG_VIEW"
	Export           Type = "EXPORT"
	SettingsChange   Type = "SETTINGS_CHANGE"
)

const (
	// kept is how long a row stays.
	kept = 90 * 24 * time.Hour
	// maxMeta is the largest meta in bytes of JSON.
	maxMeta = 2048
)

// Doing is one activity of a person.
type Doing struct {
	Type Type
	Path string
	// Duration counts whole milliseconds.
	Duration time.Duration
	Meta     json.RawMessage
}

// Track is what a client reports of its own person.
type Track struct {
	Type string `json:"type" validate:"required,oneof=LOGIN LOGOUT PAGE_VIEW CHAT_MESSAGE CHAT_SESSION_START CHAT_SESSION_END DASHBOARD_VIEW LOG_SEARCH LOG_VIEW EXPORT SETTINGS_CHANGE"`
	Path string `json:"path" validate:"max=512"`
	// Duration in milliseconds; a day at most.
	Duration int64          `json:"duration" validate:"min=0,max=86400000"`
	Meta     map[string]any `json:"meta"`
}

// Activities records what people do.
type Activities struct{ DB *db.Tenant }

// Track records one activity of the caller.
func (a *Activities) Track(ctx context.Context, in Track) (domain.None, error) {
	d := Doing{Type: Type(in.Type), Path: in.Path, Duration: time.Duration(in.Duration) * time.Millisecond}
	if len(in.Meta) > 0 {
		meta, err := json.Marshal(in.Meta)
		if err != nil {
			return domain.None{}, fmt.Errorf("encode meta: %w", err)
		}
		if len(meta) > maxMeta {
			return domain.None{}, domain.InvalidField("meta", "too_large", "holds more than 2 KB")
		}
		d.Meta = meta
	}
	return domain.None{}, a.Record(ctx, d)
}

// Record records one activity of the context's person.
func (a *Activities) Record(ctx context.Context, d Doing) error {
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		return insertActivity(ctx, tx, newRow(ctx, tx.Tenant(), tenancy.From(ctx).UserID, d))
	})
}

// RecordFor records what a person did in a platform transaction: signing in and out.
// Without a tenant there is nobody's figure it belongs to, and nothing is recorded.
func RecordFor(ctx context.Context, tx *db.PlatformTx, tenant, user uuid.UUID, d Doing) error {
	if tenant == uuid.Nil {
		return nil
	}
	return insertActivityFor(ctx, tx, newRow(ctx, tenant, user, d))
}

func newRow(ctx context.Context, tenant, user uuid.UUID, d Doing) row {
	request := domain.RequestOf(ctx)
	meta := string(d.Meta)
	if meta == "" {
		meta = "{}"
	}
	return row{tenant, db.NewID(), user, string(d.Type), strings.ToValidUTF8(d.Path, ""), d.Duration.Milliseconds(), meta, request.IP, request.UserAgent}
}

// Sweeper removes rows that are too old.
type Sweeper struct{ DB *db.Platform }

// Sweep removes those that are too old at now, in steps that hold no lock for long.
func (s *Sweeper) Sweep(ctx context.Context, now time.Time) error {
	for {
		n, err := deleteBefore(ctx, s.DB, now.Add(-kept), 5000)
		if err != nil || n == 0 {
			return err
		}
	}
}
