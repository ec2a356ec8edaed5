package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"baraza/domain"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"
)

// maxDepth of a JSON body, the outermost object included.
const maxDepth = 32

// bind fills in, a pointer to the input of a route: the strict JSON body, then query,
// headers and cookies, the path last, so that no body can name what the path names.
//
// An id in the path that cannot be one is the same 404 as an id nobody has, and is
// said last: until then both get the same answers.
func (s *Server) bind(p *plan, c echo.Context, in any) error {
	if err := decodeBody(c.Request(), in); err != nil {
		return err
	}
	v := reflect.ValueOf(in).Elem()
	if err := p.bindQuery(c.Request().URL.RawQuery, v); err != nil {
		return err
	}
	if err := s.bindHeaders(p, c.Request(), v); err != nil {
		return err
	}
	pathErr := p.bindPath(c, v)
	if err := s.rules.check(p, in); err != nil {
		return err
	}
	return pathErr
}

func decodeBody(r *http.Request, in any) error {
	if r.ContentLength == 0 {
		return nil // as good as {}: what is required is missed by the rules
	}
	body, err := readBody(r)
	switch {
	case err != nil:
		return err
	case len(body) == 0:
		return nil
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return errMalformed.Saying("A " + r.Method + " request has no body.")
	case !isJSON(r.Header.Get("Content-Type")) || encoded(r):
		return errMediaType
	}
	if err := inspect(body); err != nil {
		return err
	}
	return translateJSON(json.Unmarshal(body, in, json.RejectUnknownMembers(true)))
}

// readBody reads to the end; the route's limit is already on the reader.
func readBody(r *http.Request) ([]byte, error) {
	var body bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= defaultBody {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := body.ReadFrom(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return body.Bytes(), nil
	case errors.As(err, &tooLarge):
		return nil, tooLargeError(tooLarge.Limit)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errMalformed.Saying("The body ended early.").With(err)
	default:
		return nil, errMalformed.Saying("The body could not be read.").With(err)
	}
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" {
		return false
	}
	charset, named := params["charset"]
	return !named || strings.EqualFold(charset, "utf-8")
}

func encoded(r *http.Request) bool {
	encoding := r.Header.Get("Content-Encoding")
	return encoding != "" && encoding != "identity"
}

// inspect refuses what the decoder would let through: NUL in a string, a body that is
// no object (null would pass for one), and nesting beyond maxDepth.
func inspect(body []byte) error {
	if first := bytes.TrimLeft(body, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return errMalformed.Saying("The body must be a JSON object.")
	}
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case quoted && b == '\\':
			if bytes.HasPrefix(body[i:], []byte(`\u0000`)) {
				return errMalformed.Saying("A text holds the character NUL.")
			}
			i++ // whatever is escaped neither ends the string nor starts another escape
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return errMalformed.Saying("The body is nested too deeply.")
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return nil
}

// translateJSON drops the decoder's words: they name Go types and repeat what was
// sent, which may be a password and has no place in an answer or a log.
func translateJSON(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &semantic) && semantic.Err == json.ErrUnknownName:
		return about(errUnknownField, dotted(semantic.JSONPointer), "unknown", "is not known here")
	case errors.As(err, &semantic):
		return domain.InvalidField(dotted(semantic.JSONPointer), "invalid", mustBe(semantic.GoType))
	case errors.As(err, &syntax) && syntax.Err == jsontext.ErrDuplicateName:
		return about(errMalformed.Saying("A member is given twice."), dotted(syntax.JSONPointer), "duplicate", "is given twice")
	default:
		return errMalformed
	}
}

// dotted makes template.params.body.0 of /template/params/body/0.
func dotted(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return short(b.String())
}

// short keeps a name somebody made up from coming back at length, or as no text at all.
func short(name string) string {
	if len(name) > 200 {
		name = name[:200] + "…"
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}
