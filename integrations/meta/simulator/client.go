package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"baraza/domain/channels"
)

// Client plays customers through a simulator that may run in another process.
type Client struct {
	base string
	http *http.Client
}

// NewClient takes the simulator's URL.
func NewClient(base string) *Client {
	return &Client{base: strings.TrimRight(base, "/"), http: &http.Client{
		Timeout:   20 * time.Second, // three attempts of five seconds, and some
		Transport: &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second},
	}}
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Simulate lets a customer write.
func (c *Client) Simulate(ctx context.Context, in Inbound) (Result, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return Result{}, fmt.Errorf("encode what a customer does: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/__sim/inbound", bytes.NewReader(payload))
	if err != nil {
		return Result{}, err
	}
	request.GetBody = nil // sent twice, it would be two messages
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return Result{}, err
	}
	defer response.Body.Close()
	var answer struct {
		Result
		Error string `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxRequest)).Decode(&answer); err != nil {
		return Result{}, fmt.Errorf("read the simulator's answer with status %d: %w", response.StatusCode, err)
	}
	if response.StatusCode != http.StatusOK {
		return Result{}, errors.New("the simulator refused: " + answer.Error)
	}
	return answer.Result, nil
}

// Play is Simulate in the words of a channel.
func (c *Client) Play(ctx context.Context, phoneNumberID string, in channels.Simulate) (channels.Simulated, error) {
	inbound := Inbound{
		PhoneNumberID: phoneNumberID,
		From:          Customer{Name: in.From.Name, ID: in.From.ID},
		Kind:          in.Kind,
		Text:          in.Text,
		Target:        in.Target,
		Faults:        in.Faults,
	}
	if in.At != nil {
		inbound.At = &in.At.Time
	}
	result, err := c.Simulate(ctx, inbound)
	return channels.Simulated{ProviderID: result.ProviderID, Deliveries: result.Attempts}, err
}
