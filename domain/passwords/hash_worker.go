package passwords

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/go-json-experiment/json"
	"golang.org/x/crypto/bcrypt"
)

// WorkerArgument, alone on the command line, makes a program call Work.
const WorkerArgument = "hash-worker"

const (
	// hashTimeout is for a child that got stuck, not for a slow one.
	hashTimeout = 30 * time.Second
	// lowPriority: two hashes in the server's own process cost everybody else's
	// requests 29 ms at the 99th percentile, one in a child of low priority none. Not the
	// lowest: at 19 a busy machine leaves the child 1 % of a core, and nobody signs in.
	lowPriority = 10
)

// hashRequest with a Hash asks whether it is the password's; without, for a new one.
type hashRequest struct {
	Password string `json:"password"`
	Hash     string `json:"hash"`
}

type hashReply struct {
	Hash    string `json:"hash"`
	Matches bool   `json:"matches"`
	Error   string `json:"error"`
}

// hashChild is the parent's end of a running worker.
type hashChild struct {
	cmd     *exec.Cmd
	in, out *os.File
	replies *bufio.Reader
}

func startHashChild(executable string) (*hashChild, error) {
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start hash worker: %w", err)
	}
	defer childIn.Close() //nolint:errcheck // the child has its own
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start hash worker: %w", err), in.Close())
	}
	defer childOut.Close() //nolint:errcheck // the child has its own
	cmd := exec.Command(executable, WorkerArgument)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = childIn, childOut, os.Stderr
	cmd.Env = []string{"GOMAXPROCS=1"} // nothing of ours: it needs no secret
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	child := &hashChild{cmd: cmd, in: in, out: out, replies: bufio.NewReader(out)}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start hash worker: %w", err), in.Close(), out.Close())
	}
	// On the group, because on Linux a priority is a thread's and this reaches all.
	if err := syscall.Setpriority(syscall.PRIO_PGRP, cmd.Process.Pid, lowPriority); err != nil {
		child.end()
		return nil, fmt.Errorf("lower priority of hash worker: %w", err)
	}
	return child, nil
}

func (c *hashChild) ask(request hashRequest) (hashReply, error) {
	line, err := json.Marshal(request)
	if err != nil {
		return hashReply{}, err
	}
	deadline := time.Now().Add(hashTimeout)
	if err := errors.Join(c.in.SetDeadline(deadline), c.out.SetDeadline(deadline)); err != nil {
		return hashReply{}, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return hashReply{}, err
	}
	line, err = c.replies.ReadBytes('\n')
	if err != nil {
		return hashReply{}, err
	}
	var reply hashReply
	return reply, json.Unmarshal(line, &reply)
}

// end kills: the child holds nothing that could be lost.
func (c *hashChild) end() {
	_ = c.cmd.Process.Kill() // already gone is fine
	_ = c.cmd.Wait()         // says "killed"
	_ = c.in.Close()
	_ = c.out.Close()
}

// Work is the child: it answers each line of in with one on out, until in ends.
func Work(in io.Reader, out io.Writer) error {
	requests := bufio.NewReader(in)
	for {
		line, err := requests.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("hash worker: %w", err)
		}
		var request hashRequest
		if err := json.Unmarshal(line, &request); err != nil {
			return fmt.Errorf("hash worker: %w", err)
		}
		reply, err := json.Marshal(answer(request))
		if err != nil {
			return fmt.Errorf("hash worker: %w", err)
		}
		if _, err := out.Write(append(reply, '\n')); err != nil {
			return fmt.Errorf("hash worker: %w", err)
		}
	}
}

func answer(request hashRequest) hashReply {
	var reply hashReply
	var err error
	switch {
	case request.Hash == "":
		reply.Hash, err = argon2id.CreateHash(request.Password, &cost)
	case isBcrypt(request.Hash):
		err = bcrypt.CompareHashAndPassword([]byte(request.Hash), []byte(request.Password))
		reply.Matches = err == nil
		if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
			err = nil
		}
	default:
		reply.Matches, err = argon2id.ComparePasswordAndHash(request.Password, request.Hash)
	}
	if err != nil {
		reply.Error = err.Error()
	}
	return reply
}
