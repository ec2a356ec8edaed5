package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"path"
	"strings"
	"sync"
	"text/template"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/language"
)

// letters are the texts: one file per language, and the page around them.
//
//go:embed letters
var letters embed.FS

// text is a letter of one language. Body and Button are templates over Letter; Subject
// is not, so that nothing a person wrote can stand in it.
type text struct {
	Subject string   `json:"subject"`
	Body    []string `json:"body"`
	// Button is the label of the link.
	Button string `json:"button"`
}

// book is the letters of one language.
type book struct {
	// Direction is ltr or rtl.
	Direction string        `json:"direction"`
	Greeting  string        `json:"greeting"`
	Goodbye   string        `json:"goodbye"`
	Letters   map[Kind]text `json:"letters"`
}

// library is what letters are written with.
type library struct {
	books   map[language.Tag]book
	tags    []language.Tag
	matcher language.Matcher
	page    *htmltemplate.Template
}

var openLibrary = sync.OnceValues(func() (*library, error) {
	l := &library{books: map[language.Tag]book{}}
	entries, err := letters.ReadDir("letters")
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	l.tags = []language.Tag{language.English} // first: what nobody else matches
	for _, entry := range entries {
		name, isBook := strings.CutSuffix(entry.Name(), ".json")
		if !isBook {
			continue
		}
		raw, err := letters.ReadFile(path.Join("letters", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("letters: %w", err)
		}
		tag, err := language.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("letters in %s: %w", name, err)
		}
		var b book
		if err := json.Unmarshal(raw, &b, json.RejectUnknownMembers(true)); err != nil {
			return nil, fmt.Errorf("letters in %s: %w", name, err)
		}
		l.books[tag] = b
		if tag != language.English {
			l.tags = append(l.tags, tag)
		}
	}
	l.matcher = language.NewMatcher(l.tags)
	l.page, err = htmltemplate.ParseFS(letters, "letters/page.html")
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return l, nil
})

// page is what letters/page.html shows.
type page struct {
	Language, Direction, Subject, Greeting, Goodbye string
	Body                                            []string
	Link, Button, Code                              string
}

// write makes the message of a letter.
func write(l Letter) (Message, error) {
	if strings.ContainsAny(l.To, "\r\n\x00") {
		return Message{}, fmt.Errorf("write letter %s: the address holds control characters", l.Kind)
	}
	library, err := openLibrary()
	if err != nil {
		return Message{}, err
	}
	_, index, _ := library.matcher.Match(language.Make(l.Language))
	tag := library.tags[index]
	book := library.books[tag]
	text, ok := book.Letters[l.Kind]
	if !ok {
		return Message{}, fmt.Errorf("write letter %s: there is no text in %s", l.Kind, tag)
	}
	l.Name, l.Inviter, l.Workspace = greetable(l.Name), greetable(l.Inviter), greetable(l.Workspace)
	p := page{
		Language: tag.String(), Direction: book.Direction, Subject: text.Subject, Goodbye: book.Goodbye,
		Link: l.Link, Button: text.Button, Code: l.Code,
	}
	if p.Greeting, err = fill(book.Greeting, l); err != nil {
		return Message{}, err
	}
	for _, line := range text.Body {
		filled, err := fill(line, l)
		if err != nil {
			return Message{}, err
		}
		p.Body = append(p.Body, filled)
	}
	var html bytes.Buffer
	if err := library.page.Execute(&html, p); err != nil {
		return Message{}, fmt.Errorf("write letter %s: %w", l.Kind, err)
	}
	return Message{To: l.To, Subject: text.Subject, Text: plain(p), HTML: html.String()}, nil
}

// greetable leaves out a name that mail programs would make a link of, or that tells a
// story: whoever signs up with somebody else's address chooses what stands here.
func greetable(name string) string {
	if strings.ContainsAny(name, "/:.@\r\n") || utf8.RuneCountInString(name) > 40 {
		return ""
	}
	return name
}

// plain is the letter as text: the link stands alone on its line, where every reader
// makes it one.
func plain(p page) string {
	parts := append([]string{p.Greeting}, p.Body...)
	for _, given := range []string{p.Code, p.Link} {
		if given != "" {
			parts = append(parts, given)
		}
	}
	return strings.Join(append(parts, p.Goodbye), "\n\n") + "\n"
}

func fill(line string, l Letter) (string, error) {
	t, err := template.New("line").Option("missingkey=error").Parse(line)
	if err != nil {
		return "", fmt.Errorf("letter %s: %w", l.Kind, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, l); err != nil {
		return "", fmt.Errorf("letter %s: %w", l.Kind, err)
	}
	return b.String(), nil
}
