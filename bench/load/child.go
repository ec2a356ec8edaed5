package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Command is what a process of the bench is asked, one member set; the answer is one
// line too.
type Command struct {
	Open    *Open          `json:"open,omitempty"`
	Publish *Publish       `json:"publish,omitempty"`
	Count   *time.Duration `json:"count,omitempty"`
	Pause   bool           `json:"pause,omitempty"`
	Leave   bool           `json:"leave,omitempty"`
	Write   *Write         `json:"write,omitempty"`
}

// Answer is a result or an error.
type Answer struct {
	Error  string          `json:"error,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
}

// Serve answers commands until the input ends.
func Serve(in io.Reader, out io.Writer, do func(Command) (any, error)) error {
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var cmd Command
		switch err := decoder.Decode(&cmd); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read a command: %w", err)
		}
		var answer Answer
		result, err := do(cmd)
		if err == nil {
			answer.Result, err = json.Marshal(result)
		}
		if err != nil {
			answer = Answer{Error: err.Error()}
		}
		if err := encoder.Encode(answer); err != nil {
			return fmt.Errorf("answer a command: %w", err)
		}
	}
}

// Do is the crowd's part of Serve.
func (c *Crowd) Do(ctx context.Context, cmd Command) (any, error) {
	switch {
	case cmd.Open != nil:
		return c.Open(ctx, *cmd.Open)
	case cmd.Publish != nil:
		return c.Publish(ctx, *cmd.Publish)
	case cmd.Count != nil:
		return c.Count(ctx, *cmd.Count)
	case cmd.Pause:
		c.Pause()
		return nil, nil
	case cmd.Leave:
		return nil, c.Leave()
	}
	return nil, errors.New("unknown command")
}
