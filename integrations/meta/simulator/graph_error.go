package simulator

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// graphErrorFile holds Meta's documented answers by name: the code, and where one code
// has several, its subcode or what it is about.
//
//go:embed graph_errors.json
var graphErrorFile []byte

// graphError is an answer of the Graph API that is no success.
type graphError struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

type graphErrors map[string]graphError

func loadGraphErrors() (graphErrors, error) {
	var all graphErrors
	if err := json.Unmarshal(graphErrorFile, &all); err != nil {
		return nil, fmt.Errorf("read the Graph errors: %w", err)
	}
	return all, nil
}

// named finds an error by its name, or the first of those with this code.
func (g graphErrors) named(name string) (graphError, bool) {
	if e, ok := g[name]; ok {
		return e, true
	}
	var names []string
	for n := range g {
		if strings.HasPrefix(n, name+"_") {
			names = append(names, n)
		}
	}
	if name == "" || len(names) == 0 {
		return graphError{}, false
	}
	sort.Strings(names)
	return g[names[0]], true
}

// inWebhook is the error as a failed status carries it.
func (g graphErrors) inWebhook(code string) statusError {
	found, _ := g.named(code)
	e := found.detail()
	_, title, ok := strings.Cut(e.Message, ") ")
	if !ok {
		title = e.Message
	}
	failed := statusError{Code: json.Number(code), Title: title, Message: title, Href: "/documentation/business-messaging/whatsapp/support/error-codes"}
	failed.Data.Details = e.Data.Details
	return failed
}

type graphErrorDetail struct {
	Message   string          `json:"message"`
	Type      string          `json:"type"`
	Code      int             `json:"code"`
	Subcode   int             `json:"error_subcode,omitempty"`
	Data      *graphErrorData `json:"error_data,omitempty"`
	FBTraceID string          `json:"fbtrace_id"`
}

type graphErrorData struct {
	Product string `json:"messaging_product"`
	Details string `json:"details"`
}

func (e graphError) detail() graphErrorDetail {
	body := struct {
		Error graphErrorDetail `json:"error"`
	}{Error: graphErrorDetail{Data: &graphErrorData{}}}
	// A body of another shape has no details to show.
	if err := json.Unmarshal(e.Body, &body); err != nil || body.Error.Data == nil {
		return graphErrorDetail{Data: &graphErrorData{}}
	}
	return body.Error
}

// refusal is an error with words of its own about what is wrong with a request.
type refusal struct {
	status  int
	code    int
	subcode int
	message string
	details string
}

func (r refusal) answer(trace string) (graphError, error) {
	detail := graphErrorDetail{Message: r.message, Type: "OAuthException", Code: r.code, Subcode: r.subcode, FBTraceID: trace}
	if r.details != "" {
		detail.Data = &graphErrorData{Product: "whatsapp", Details: r.details}
	}
	body, err := plain(map[string]graphErrorDetail{"error": detail})
	return graphError{Status: r.status, Body: body}, err
}

// Refusals a request earns by itself.
func malformedToken() *refusal {
	return &refusal{status: 401, code: 190, message: "Invalid OAuth access token - Cannot parse access token"}
}

func badParameter(details string) *refusal {
	return &refusal{status: 400, code: 100, message: "(#100) Invalid parameter", details: details}
}

func missing(details string) *refusal {
	return &refusal{status: 400, code: 131008, message: "(#131008) Required parameter is missing", details: details}
}

func badValue(details string) *refusal {
	return &refusal{status: 400, code: 131009, message: "(#131009) Parameter value is not valid", details: details}
}

func unknownObject(path string) *refusal {
	return &refusal{status: 400, code: 100, subcode: 33, message: "Unsupported request. Object at '" + path +
		"' does not exist, cannot be loaded due to missing permissions, or does not support this operation."}
}
