// Package palette decides whether a colour can be read, by WCAG 2.2's contrast ratio, and
// makes of one colour what the screens need of it.
//
// Always true: a shade that passes has 4.5:1 or more on every ground text of its colour
// stands on, and so has the text that stands on it; what is offered instead of a refused
// colour passes and keeps its hue.
package palette

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Least is WCAG 2.2's ratio for text (1.4.3, level AA).
const Least = 4.5

// Colour is opaque sRGB.
type Colour struct{ R, G, B uint8 }

// Parse reads #rrggbb in either case.
func Parse(text string) (Colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return Colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 24)
	if err != nil {
		return Colour{}, false
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Luminance is WCAG 2.2's relative luminance, 0 for black to 1 for white.
func (c Colour) Luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Ratio is the contrast of two colours, 1 to 21.
func Ratio(a, b Colour) float64 {
	x, y := a.Luminance(), b.Luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix is a with the share of b in it, 0 to 1.
func mix(a, b Colour, share float64) Colour {
	one := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*share)) }
	return Colour{one(a.R, b.R), one(a.G, b.G), one(a.B, b.B)}
}

var (
	black = Colour{}
	white = Colour{255, 255, 255}
)

// Theme is what a shade must be read on: the grounds and inks of web/src/ui/tokens.css,
// which a test compares.
type Theme struct {
	Grounds []Colour
	Inks    []Colour // must be read on the shade's soft twin
	surface Colour
	toward  Colour // where a colour goes to be read better
	soft    int    // percent of a colour in its soft twin
}

// Light and Dark are the themes there are.
func Light() Theme {
	surface := white
	return Theme{
		Grounds: []Colour{{0xf3, 0xf1, 0xec}, surface, {0xfb, 0xfa, 0xf7}}, surface: surface, toward: black, soft: 12,
		Inks: []Colour{{0x16, 0x19, 0x1d}, {0x45, 0x4c, 0x54}, {0x5c, 0x64, 0x6d}},
	}
}

// Dark is the theme on dark grounds.
func Dark() Theme {
	surface := Colour{0x17, 0x1b, 0x1e}
	return Theme{
		Grounds: []Colour{{0x0f, 0x12, 0x14}, surface, {0x1e, 0x23, 0x27}}, surface: surface, toward: white, soft: 16,
		Inks: []Colour{{0xec, 0xea, 0xe4}, {0xbf, 0xc4, 0xc7}, {0x94, 0x9b, 0xa1}},
	}
}

// Shade is a colour with what is made of it, and whether it can be read.
type Shade struct {
	Accent string `json:"accent"`
	// OnAccent is text on it, AccentSoft the ground of what is chosen.
	OnAccent   string `json:"on_accent"`
	AccentSoft string `json:"accent_soft"`
	// Ratio is the worst contrast text of it, or on it, has; two decimals, rounded down.
	Ratio  float64 `json:"ratio"`
	Passes bool    `json:"passes"`
	// Nearest is the colour of the same hue that passes and differs least.
	Nearest string `json:"nearest"`
}

// Shade judges a colour in the theme.
func (t Theme) Shade(c Colour) Shade {
	s, ratio := t.shade(c)
	s.Nearest = s.Accent
	if s.Passes = ratio >= Least; s.Passes {
		return s
	}
	// Black and white pass, so a step on the way does.
	for step := 1; step <= 255; step++ {
		next := mix(c, t.toward, float64(step)/255)
		if _, ratio := t.shade(next); ratio >= Least {
			s.Nearest = next.String()
			break
		}
	}
	return s
}

func (t Theme) shade(c Colour) (Shade, float64) {
	on := black
	if Ratio(white, c) >= Ratio(black, c) {
		on = white
	}
	soft := t.softly(c)
	worst := min(Ratio(on, c), Ratio(c, soft))
	for _, ground := range t.Grounds {
		worst = min(worst, Ratio(c, ground))
	}
	return Shade{Accent: c.String(), OnAccent: on.String(), AccentSoft: soft.String(), Ratio: math.Floor(worst*100) / 100}, worst
}

// softly is as much of the colour on the theme's surface as leaves the inks readable.
func (t Theme) softly(c Colour) Colour {
	for percent := t.soft; percent > 0; percent-- {
		soft := mix(t.surface, c, float64(percent)/100)
		if !slices.ContainsFunc(t.Inks, func(ink Colour) bool { return Ratio(ink, soft) < Least }) {
			return soft
		}
	}
	return t.surface
}

// Palette is what a workspace's screens are painted with.
type Palette struct {
	Light Shade `json:"light"`
	Dark  Shade `json:"dark"`
}

// Of makes a palette of a colour for light screens and one for dark ones; "" for the dark
// one makes it of the light one, so that it passes.
func Of(accent, accentDark string) (Palette, bool) {
	light, ok := Parse(accent)
	if !ok {
		return Palette{}, false
	}
	p := Palette{Light: Light().Shade(light)}
	if accentDark == "" {
		nearest, _ := Parse(Dark().Shade(light).Nearest)
		p.Dark = Dark().Shade(nearest)
		return p, true
	}
	dark, ok := Parse(accentDark)
	p.Dark = Dark().Shade(dark)
	return p, ok
}
