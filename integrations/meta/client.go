package meta

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"baraza/domain"
	"baraza/domain/channels"
)

// maxAnswer bounds what we read of an answer; Graph's are some hundred bytes.
const maxAnswer = 1 << 20

// ErrUnreachable says that Check got no answer it could read.
var ErrUnreachable = &domain.Error{Kind: domain.Provider, Code: "provider_error", Detail: "Meta did not answer. Try again shortly."}

// ClientConfig says where the Graph API is.
type ClientConfig struct {
	// BaseURL of the Graph API, without a version. Defaults to DefaultGraphURL.
	BaseURL string
	// Timeout of a whole call. Defaults to 15 s.
	Timeout time.Duration
}

// Client is the channels.Connector for WhatsApp: one for Meta's own host, another for
// the simulator's.
type Client struct {
	base string
	http *http.Client
}

// NewClient returns a client with connections of its own; Close ends the idle ones.
func NewClient(c ClientConfig) *Client {
	if c.BaseURL == "" {
		c.BaseURL = DefaultGraphURL
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	return &Client{
		base: strings.TrimRight(c.BaseURL, "/") + "/" + GraphVersion + "/",
		http: &http.Client{
			Timeout: c.Timeout,
			// A redirect would carry the token elsewhere and send the message again.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
				TLSHandshakeTimeout:    5 * time.Second,
				ForceAttemptHTTP2:      true,
				MaxIdleConnsPerHost:    32,
				IdleConnTimeout:        30 * time.Second, // before Meta closes them: a send on a dead connection has no certain outcome
				MaxResponseHeaderBytes: 64 << 10,
			},
		},
	}
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Check returns the number's display form, or its verified name where it has none.
func (c *Client) Check(ctx context.Context, a channels.Account, creds channels.Credentials) (string, error) {
	path, err := numberPath(a, "")
	if err != nil {
		return "", err
	}
	answer, _, err := c.call(ctx, http.MethodGet, path, url.Values{"fields": {"display_phone_number,verified_name"}}, creds, nil)
	if err != nil {
		return "", ErrUnreachable.With(err)
	}
	var number struct {
		Display text `json:"display_phone_number"`
		Name    text `json:"verified_name"`
	}
	if refused, ok := answer.refusal(); ok {
		return "", refused.sendError()
	}
	if err := decode(answer.body, &number); err != nil || !answer.ok() {
		return "", ErrUnreachable.With(fmt.Errorf("status %d without a readable answer", answer.status))
	}
	return either(number.Display, number.Name).clean(maxName), nil
}

// Send hands one text over in exactly one request.
func (c *Client) Send(ctx context.Context, a channels.Account, creds channels.Credentials, m channels.Outgoing) (string, error) {
	path, err := numberPath(a, "/messages")
	if err != nil {
		return "", err
	}
	payload, err := whatsAppPayload(m)
	if err != nil {
		return "", err
	}
	answer, connected, err := c.call(ctx, http.MethodPost, path, url.Values{}, creds, payload)
	switch {
	case err != nil && connected:
		return "", &channels.UnknownOutcome{Cause: err}
	case err != nil:
		return "", &channels.Transient{Cause: &channels.SendError{Code: "unreachable", Title: "WhatsApp could not be reached",
			Detail: "It is sent again by itself when the connection is back.", Retryable: true}}
	}
	return answer.sent()
}

// call makes one request. connected tells, beside an error, whether there was a
// connection: without one nothing can have been taken.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, creds channels.Credentials, payload []byte) (_ answer, connected bool, _ error) {
	if creds.AppSecret != "" {
		query.Set("appsecret_proof", AppSecretProof(creds.AccessToken, creds.AppSecret))
	}
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { got.Store(true) }})
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(payload))
	if err != nil {
		return answer{}, false, err
	}
	if payload == nil {
		request.Body, request.ContentLength = nil, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	request.GetBody = nil // without it the transport cannot send a body a second time
	request.Header.Set("Authorization", "Bearer "+creds.AccessToken)
	request.Header.Set("User-Agent", "baraza")
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, got.Load(), withoutURL(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errors.New("the answer is too large")
	}
	if err != nil {
		return answer{}, true, fmt.Errorf("read the answer with status %d: %w", response.StatusCode, err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}, true, nil
}

// withoutURL keeps the address, and with it the proof, out of logs.
func withoutURL(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// numberPath is the path of the channel's number. The id is a person's input: only
// digits may become part of an address.
func numberPath(a channels.Account, suffix string) (string, error) {
	id := a.External.PhoneNumberID
	if a.Kind != channels.WhatsApp || id == "" || strings.Trim(id, "0123456789") != "" {
		return "", &channels.SendError{Code: "invalid_account", Title: "This channel has no valid phone number id",
			Detail: "Ask an administrator to connect the channel again."}
	}
	return id + suffix, nil
}

// AppSecretProof proves to Meta that a call with this token comes from the app's own server.
func AppSecretProof(accessToken, appSecret string) string {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(accessToken))
	return hex.EncodeToString(mac.Sum(nil))
}
