package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"

	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/audit"
	"baraza/domain/chat"
	"baraza/domain/palette"
	"baraza/tenancy"
)

// Appearances are how workspaces look: their colours, and what their rails say.
type Appearances struct{ DB *db.Tenant }

// Branding is a workspace's colours.
type Branding struct {
	// Accent is #rrggbb; null for the product's own.
	Accent *string `json:"accent"`
	// AccentDark is for dark screens; null for one made of Accent.
	AccentDark *string `json:"accent_dark"`
	// Palette is what the screens are painted with; null for the product's own.
	Palette *palette.Palette `json:"palette"`
}

// ETag is the colours' version: what they are.
func (b Branding) ETag() string { return domain.VersionOf(b.members()) }

func (b Branding) members() map[string]any {
	return map[string]any{"accent": b.Accent, "accent_dark": b.AccentDark}
}

// GetBranding returns the caller's workspace's colours.
func (a *Appearances) GetBranding(ctx context.Context, _ domain.None) (Branding, error) {
	row, err := a.get(ctx)
	return row.branding(), err
}

// SetBranding replaces the colours. Null takes the product's own back.
type SetBranding struct {
	Accent     *string `json:"accent"      validate:"omitempty,len=7"`
	AccentDark *string `json:"accent_dark" validate:"omitempty,len=7"`
	// IfMatch is the version they were read with; empty for any.
	IfMatch string `header:"If-Match" json:"-"`
}

// SetBranding paints the screens of all members. A colour that cannot be read is
// refused with its ratio and the nearest one that can.
func (a *Appearances) SetBranding(ctx context.Context, in SetBranding) (Branding, error) {
	accent, dark, err := in.colours()
	if err != nil {
		return Branding{}, err
	}
	var after Branding
	err = a.change(ctx, audit.BrandingChanged, func(row *appearanceRow) (was, is map[string]any, err error) {
		before := row.branding()
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return nil, nil, err
		}
		row.Accent, row.AccentDark = accent, dark
		after = row.branding()
		return before.members(), after.members(), nil
	})
	return after, err
}

// colours are the wanted ones as they are stored.
func (in SetBranding) colours() (accent, dark *string, err error) {
	if in.Accent == nil {
		if in.AccentDark != nil {
			return nil, nil, domain.InvalidField("accent", "required", "is required with one for dark screens")
		}
		return nil, nil, nil
	}
	if accent, err = readable("accent", *in.Accent, palette.Light()); err != nil || in.AccentDark == nil {
		return accent, nil, err
	}
	dark, err = readable("accent_dark", *in.AccentDark, palette.Dark())
	return accent, dark, err
}

func readable(field, text string, theme palette.Theme) (*string, error) {
	colour, ok := palette.Parse(text)
	if !ok {
		return nil, domain.InvalidField(field, "invalid", "is no colour such as #0b5c58")
	}
	shade := theme.Shade(colour)
	if !shade.Passes {
		return nil, domain.InvalidField(field, "low_contrast", fmt.Sprintf(
			"has a contrast of %.2f:1 where text needs %.1f:1. The nearest colour that passes is %s.", shade.Ratio, palette.Least, shade.Nearest))
	}
	return &shade.Accent, nil
}

// JudgeColours asks what would become of colours.
type JudgeColours struct {
	Accent     string `query:"accent"      json:"-" validate:"required,len=7"`
	AccentDark string `query:"accent_dark" json:"-" validate:"omitempty,len=7"`
}

// Judge says how colours would be read, before anybody has to live with them.
func (*Appearances) Judge(_ context.Context, in JudgeColours) (palette.Palette, error) {
	p, ok := palette.Of(in.Accent, in.AccentDark)
	if !ok {
		return p, domain.BadParameter("accent", "A colour is six hexadecimal digits after #, such as #0b5c58.")
	}
	return p, nil
}

// NavigationLabel is what the rail calls an item in a language.
type NavigationLabel struct {
	Language string `json:"language" validate:"required,oneof=en sw fr ar"`
	// Item of the rail.
	Item  string `json:"item"  validate:"required,oneof=inbox team settings"`
	Label string `json:"label" validate:"required,max=24"`
}

// Navigation is what a workspace's rail says where that is not the product's own word.
type Navigation struct {
	Labels []NavigationLabel `json:"labels"`
}

// ETag is the labels' version: what they are.
func (n Navigation) ETag() string { return domain.VersionOf(n.members()) }

func (n Navigation) members() map[string]any {
	members := map[string]any{}
	for _, l := range n.Labels {
		members[l.Item+"."+l.Language] = l.Label
	}
	return members
}

// GetNavigation returns the caller's workspace's labels.
func (a *Appearances) GetNavigation(ctx context.Context, _ domain.None) (Navigation, error) {
	row, err := a.get(ctx)
	if err != nil {
		return Navigation{}, err
	}
	return row.navigation()
}

// SetNavigation replaces all labels; what is left out is the product's own word.
type SetNavigation struct {
	Labels []NavigationLabel `json:"labels" validate:"max=40,dive"`
	// IfMatch is the version they were read with; empty for any.
	IfMatch string `header:"If-Match" json:"-"`
}

// SetNavigation makes the rails of all members say it.
func (a *Appearances) SetNavigation(ctx context.Context, in SetNavigation) (Navigation, error) {
	after, err := in.navigation()
	if err != nil {
		return Navigation{}, err
	}
	return after, a.change(ctx, audit.NavigationChanged, func(row *appearanceRow) (was, is map[string]any, err error) {
		before, err := row.navigation()
		if err != nil {
			return nil, nil, err
		}
		if err := domain.CheckVersion(in.IfMatch, before.ETag()); err != nil {
			return nil, nil, err
		}
		text, err := json.Marshal(after.Labels, json.FormatNilSliceAsNull(false))
		if err != nil {
			return nil, nil, domain.ErrInternal.With(err)
		}
		row.Labels = string(text)
		return before.members(), after.members(), nil
	})
}

func (in SetNavigation) navigation() (Navigation, error) {
	n := Navigation{Labels: []NavigationLabel{}}
	seen := map[NavigationLabel]bool{}
	for i, l := range in.Labels {
		field := fmt.Sprintf("labels.%d.label", i)
		clean, err := domain.Name(field, l.Label)
		if err != nil {
			return n, err
		}
		// Marks that turn the line around would reach beyond the label.
		if strings.ContainsFunc(clean, invisible) {
			return n, domain.InvalidField(field, "invalid", "must not contain invisible characters")
		}
		place := NavigationLabel{Language: l.Language, Item: l.Item}
		if seen[place] {
			return n, domain.InvalidField(field, "invalid", "must not repeat an item in one language")
		}
		seen[place] = true
		l.Label = clean
		n.Labels = append(n.Labels, l)
	}
	slices.SortFunc(n.Labels, func(a, b NavigationLabel) int {
		return strings.Compare(a.Item+"."+a.Language, b.Item+"."+b.Language)
	})
	return n, nil
}

func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d' // joiners spell words
}

// get reads the row of any member's workspace, which need not be there.
func (a *Appearances) get(ctx context.Context) (appearanceRow, error) {
	if _, err := anyMember(ctx); err != nil {
		return appearanceRow{}, err
	}
	row, err := readAppearance(ctx, a.DB)
	if errors.Is(err, domain.ErrNotFound) {
		return appearanceRow{Labels: `[]`}, nil
	}
	return row, err
}

// change lets one change follow the other, keeps it in the log and tells the screens.
func (a *Appearances) change(ctx context.Context, action audit.Action, apply func(*appearanceRow) (was, is map[string]any, err error)) error {
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		row, err := lockAppearance(ctx, tx)
		if err != nil {
			return err
		}
		before, after, err := apply(&row)
		if err != nil {
			return err
		}
		was, is := audit.Changed(before, after)
		if len(is) == 0 {
			return nil
		}
		if err := updateAppearance(ctx, tx, row); err != nil {
			return err
		}
		tenant := tenancy.From(ctx).TenantID
		if err := audit.Record(ctx, tx, audit.Act{Action: action, ObjectID: tenant, Before: was, After: is}); err != nil {
			return err
		}
		return db.AppendChange(ctx, tx, chat.WorkspaceChanged(tenant))
	})
}

// appearanceRow is a row of appearances.
type appearanceRow struct {
	Accent     *string `db:"accent"`
	AccentDark *string `db:"accent_dark"`
	Labels     string  `db:"labels"`
}

func (r appearanceRow) branding() Branding {
	return Branding{Accent: r.Accent, AccentDark: r.AccentDark, Palette: access.PaletteOf(r.Accent, r.AccentDark)}
}

func (r appearanceRow) navigation() (Navigation, error) {
	n := Navigation{Labels: []NavigationLabel{}}
	if err := json.Unmarshal([]byte(r.Labels), &n.Labels); err != nil {
		return n, domain.ErrInternal.With(fmt.Errorf("read labels: %w", err))
	}
	return n, nil
}

func readAppearance(ctx context.Context, q db.Queryer) (appearanceRow, error) {
	return db.One[appearanceRow](ctx, q, `select accent, accent_dark, labels::text as labels from appearances`)
}

func lockAppearance(ctx context.Context, tx *db.Tx) (appearanceRow, error) {
	return db.One[appearanceRow](ctx, tx, `
		insert into appearances default values
		on conflict (tenant_id) do update set updated_at = now()
		returning accent, accent_dark, labels::text as labels`)
}

func updateAppearance(ctx context.Context, tx *db.Tx, r appearanceRow) error {
	return db.Must(db.Exec(ctx, tx, `
		update appearances set accent = $1, accent_dark = $2, labels = $3::jsonb, updated_at = now()`, r.Accent, r.AccentDark, r.Labels))
}
