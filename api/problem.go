package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"

	"baraza/domain"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
)

// problem is an RFC 9457 document.
type problem struct {
	Type      string              `json:"type"`
	Title     string              `json:"title"`
	Status    int                 `json:"status"`
	Code      string              `json:"code"`
	Detail    string              `json:"detail"`
	RequestID string              `json:"request_id"`
	Errors    []domain.FieldError `json:"errors,omitempty"`
	Extra     map[string]any      `json:",embed"`
}

type codeMeaning struct {
	status int
	title  string
}

// codes is the closed list of what an answer may say, with its status. An error with
// another code is a defect.
var codes = map[string]codeMeaning{
	"malformed_json": {400, "The body is not valid JSON"},
	"unknown_field":  {400, "The body has a member that is not known here"},
	"bad_parameter":  {400, "A parameter is not valid"},
	"bad_cursor":     {400, "The cursor is not valid"},

	"unauthenticated":     {401, "Sign in first"},
	"invalid_credentials": {401, "E-mail or password is wrong"},
	"totp_required":       {401, "A code is needed"},
	"totp_invalid":        {401, "The code is wrong"},
	"token_expired":       {401, "The access token has run out"},
	"session_revoked":     {401, "The session has ended"},
	"bad_signature":       {401, "The signature is wrong"},

	"permission_denied":        {403, "Your role does not allow this"},
	"csrf_failed":              {403, "The request comes from another site"},
	"origin_denied":            {403, "This origin is not allowed"},
	"signup_closed":            {403, "Sign-up is closed"},
	"tenant_suspended":         {403, "The workspace is suspended"},
	"mfa_setup_required":       {403, "Set up two-factor sign-in first"},
	"password_change_required": {403, "Change your password first"},
	"step_up_required":         {403, "Confirm that it is you"},
	"ip_denied":                {403, "The key is not for this address"},
	"plan_limit":               {403, "The plan's limit is reached"},

	"not_found":          {404, "Not found"},
	"method_not_allowed": {405, "The method is not allowed here"},

	"already_exists":          {409, "This already exists"},
	"invalid_transition":      {409, "The present state does not allow this"},
	"stale_owner":             {409, "Someone else owns this now"},
	"newer_messages":          {409, "There are newer messages"},
	"client_id_reused":        {409, "The client id was used for another message"},
	"idempotency_in_progress": {409, "The same request is still running"},
	"channel_taken":           {409, "The channel is connected already"},
	"last_owner":              {409, "The last owner cannot go"},
	"in_use":                  {409, "This is in use"},

	"expired": {410, "This has expired"},

	"version_conflict":       {412, "This was changed meanwhile"},
	"too_large":              {413, "The request is too large"},
	"unsupported_media_type": {415, "The media type is not supported"},

	"validation_failed":      {422, "Some fields are not valid"},
	"idempotency_mismatch":   {422, "The idempotency key was used for another request"},
	"window_closed":          {422, "The reply window is closed"},
	"wrapup_required":        {422, "The wrap-up form is not complete"},
	"template_invalid":       {422, "The template does not fit"},
	"opted_out":              {422, "The contact has opted out"},
	"contact_blocked":        {422, "The contact is blocked"},
	"unsupported_by_channel": {422, "The channel cannot do this"},

	"rate_limited":      {429, "Too many requests"},
	"too_many_attempts": {429, "Too many attempts"},

	"internal":       {500, "Something went wrong on our side"},
	"provider_error": {502, "The provider refused or failed"},
	"unavailable":    {503, "A part of the service is away"},
}

// Errors the edge itself gives.
var (
	errMalformed    = &domain.Error{Kind: domain.Malformed, Code: "malformed_json", Detail: "The body is not valid JSON."}
	errUnknownField = &domain.Error{Kind: domain.Malformed, Code: "unknown_field", Detail: "A member of the body is not known here."}
	errBadParameter = &domain.Error{Kind: domain.Malformed, Code: "bad_parameter", Detail: "A parameter is not valid."}
	errMediaType    = &domain.Error{Kind: domain.Unsupported, Code: "unsupported_media_type", Detail: "The body must be application/json, not encoded."}
	errTooLarge     = &domain.Error{Kind: domain.TooLarge, Code: "too_large", Detail: "The request is too large."}
	errCSRF         = &domain.Error{Kind: domain.Denied, Code: "csrf_failed", Detail: "A request with a login cookie must come from this site."}
	errOrigin       = &domain.Error{Kind: domain.Denied, Code: "origin_denied", Detail: "This origin may not call this address."}
	errForPeople    = domain.ErrDenied.Saying("An API key cannot do this: a person has to.")
	errMethod       = &domain.Error{Kind: domain.NotFound, Code: "method_not_allowed", Detail: "This address knows other methods only."}
)

func tooLargeError(limit int64) *domain.Error {
	return errTooLarge.Saying(fmt.Sprintf("At most %d bytes are taken here.", limit))
}

// about returns a copy of e that names one field.
func about(e *domain.Error, field, code, detail string) *domain.Error {
	c := *e
	c.Fields = []domain.FieldError{{Field: field, Code: code, Detail: detail}}
	return &c
}

// panicked is a recovered panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guard runs next and turns a panic into an error.
func guard(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch value := recover(); value {
		case nil:
		case http.ErrAbortHandler:
			panic(value)
		default:
			err = &panicked{value, debug.Stack()}
		}
	}()
	return next(c)
}

// known makes any error one of the closed list.
func known(err error) *domain.Error {
	var e *domain.Error
	var router *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &e):
		if _, listed := codes[e.Code]; !listed {
			return domain.ErrInternal.With(err)
		}
		return e
	case errors.As(err, &router) && router.Code == http.StatusNotFound:
		return domain.ErrNotFound
	case errors.As(err, &router) && router.Code == http.StatusMethodNotAllowed:
		return errMethod
	case errors.As(err, &tooLarge):
		return tooLargeError(tooLarge.Limit)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return domain.ErrUnavailable.With(err)
	}
	return domain.ErrInternal.With(err)
}

// fail answers with a problem document, unless something was written already.
func (s *Server) fail(c echo.Context, e *domain.Error) {
	if c.Response().Committed {
		return
	}
	meaning := codes[e.Code]
	speak := s.speaker(c.Request())
	wait := max(1, int(math.Ceil(e.RetryAfter.Seconds())))
	doc := problem{
		Type: s.base + "/docs/errors/" + e.Code, Title: speak(meaning.title), Status: meaning.status, Code: e.Code,
		Detail: speak(e.Detail), RequestID: requestID(c.Request()), Extra: extras(e, wait),
	}
	for _, field := range e.Fields {
		field.Detail = speak(field.Detail)
		doc.Errors = append(doc.Errors, field)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Disposition")
	if meaning.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if meaning.status == http.StatusTooManyRequests || e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(wait))
	}
	body, err := json.Marshal(&doc, s.wire)
	if err != nil { // an extra member without a form in JSON
		s.log.Error("encode problem", zap.String("request_id", doc.RequestID), zap.String("code", e.Code), zap.Error(err))
		doc.Extra = nil
		body, _ = json.Marshal(&doc, s.wire, jsontext.AllowInvalidUTF8(true)) // texts and numbers: nothing left to fail
	}
	_ = c.Blob(meaning.status, "application/problem+json", body) // fails when the client left: nobody to tell
}

// extras are the members a code adds. The document's own names stay its own: the
// status of a conversation goes out as current_status.
func extras(e *domain.Error, wait int) map[string]any {
	extra := make(map[string]any, len(e.Extra)+1)
	for name, value := range e.Extra {
		if slices.Contains(ownMembers, name) {
			name = "current_" + name
		}
		extra[name] = value
	}
	if e.Code == "rate_limited" {
		extra["retry_after"] = wait
	}
	return extra
}

var ownMembers = []string{"type", "title", "status", "code", "detail", "request_id", "errors"}

// speaker is where human text changes its language. Codes never do.
func (s *Server) speaker(r *http.Request) func(string) string {
	languages := r.Header.Get("Accept-Language")
	if s.config.Translate == nil || languages == "" {
		return func(english string) string { return english }
	}
	return func(english string) string { return s.config.Translate(languages, english) }
}
