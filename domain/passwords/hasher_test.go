package passwords

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"baraza/db/dbtest"
	"baraza/domain"
)

const goodPassword = "nine plain words here"

// TestMain makes this program its own hash worker.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == WorkerArgument {
		if err := Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// SE-07: passwords are argon2id hashes.
func TestHasher(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) *Hasher {
		t.Parallel()
		program, err := os.Executable()
		require.NoError(t, err)
		hasher := NewHasher(program)
		t.Cleanup(hasher.Close)
		return hasher
	}

	t.Run("makes_hashes_that_match_their_password_alone", func(t *testing.T) {
		hasher := setup(t)
		one, err := hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
		two, err := hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
		require.NotEqual(t, one, two, "salted")
		params, salt, _, err := argon2id.DecodeHash(one)
		require.NoError(t, err)
		require.Equal(t, cost, *params)
		require.Len(t, salt, 16)
		for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false, "a\nb\x00": false} {
			got, err := hasher.Matches(t.Context(), password, one)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})

	t.Run("takes_one_password_however_its_letters_are_composed", func(t *testing.T) {
		hasher := setup(t)
		hash, err := hasher.Hash(t.Context(), "caf\u00e9 noir")
		require.NoError(t, err)
		matches, err := hasher.Matches(t.Context(), "cafe\u0301 noir", hash)
		require.NoError(t, err)
		require.True(t, matches)
	})

	t.Run("matches_no_hash_to_no_password", func(t *testing.T) {
		hasher := setup(t)
		for _, password := range []string{goodPassword, " ", "", nobodysHash} {
			matches, err := hasher.Matches(t.Context(), password, "")
			require.NoError(t, err)
			require.False(t, matches)
		}
	})

	t.Run("takes_hashes_of_bcrypt_as_the_password_was_typed", func(t *testing.T) {
		hasher := setup(t)
		for _, typed := range []string{"cafe\u0301 noir", strings.Repeat("x", 72)} {
			hash, err := bcrypt.GenerateFromPassword([]byte(typed), bcrypt.MinCost)
			require.NoError(t, err)
			for password, want := range map[string]bool{typed: true, "caf\u00e9 noir": false, "": false} {
				matches, err := hasher.Matches(t.Context(), password, string(hash))
				require.NoError(t, err)
				require.Equal(t, want, matches, password)
			}
		}
		_, err := hasher.Matches(t.Context(), goodPassword, "$2a$")
		require.Equal(t, domain.Internal, domain.As(err).Kind)
	})

	t.Run("says_when_a_hash_cannot_be_one", func(t *testing.T) {
		hasher := setup(t)
		_, err := hasher.Matches(t.Context(), goodPassword, "plain")
		require.Equal(t, domain.Internal, domain.As(err).Kind)
		_, err = hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
	})

	t.Run("works_at_a_low_priority_on_all_threads", func(t *testing.T) {
		hasher := setup(t)
		_, err := hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
		stats, err := filepath.Glob("/proc/" + strconv.Itoa(hasher.child.cmd.Process.Pid) + "/task/*/stat")
		require.NoError(t, err)
		if len(stats) == 0 {
			return // no Linux: nothing to look at
		}
		for _, stat := range stats {
			text, err := os.ReadFile(stat)
			require.NoError(t, err)
			_, fields, _ := strings.Cut(string(text), ") ")
			require.Equal(t, strconv.Itoa(lowPriority), strings.Fields(fields)[16], "nice of %s", stat)
		}
	})

	t.Run("replaces_a_child_that_died", func(t *testing.T) {
		hasher := setup(t)
		hash, err := hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
		first := hasher.child.cmd.Process.Pid
		require.NoError(t, hasher.child.cmd.Process.Signal(syscall.SIGKILL))
		matches, err := hasher.Matches(t.Context(), goodPassword, hash)
		require.NoError(t, err)
		require.True(t, matches)
		require.NotEqual(t, first, hasher.child.cmd.Process.Pid)
	})

	t.Run("says_when_there_is_no_child_to_be_had", func(t *testing.T) {
		t.Parallel()
		for _, program := range []string{"/nonexistent", "/bin/false"} {
			hasher := NewHasher(program)
			_, err := hasher.Hash(t.Context(), goodPassword)
			require.Equal(t, domain.Internal, domain.As(err).Kind)
			hasher.Close()
		}
	})

	t.Run("sends_the_fifty_second_away_and_lets_go_who_gives_up", func(t *testing.T) {
		hasher := setup(t)
		hasher.turn <- struct{}{} // somebody's password is being hashed
		ctx, giveUp := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		errs := make([]error, hashQueue+1)
		for n := range errs {
			waiting.Go(func() { _, errs[n] = hasher.Hash(ctx, goodPassword) })
		}
		dbtest.Eventually(t, "all wait", func() bool { return hasher.queued.Load() == hashQueue+1 })
		_, err := hasher.Hash(t.Context(), goodPassword)
		require.ErrorIs(t, err, ErrBusy)
		require.Positive(t, domain.As(err).RetryAfter)

		giveUp()
		waiting.Wait()
		for _, err := range errs {
			require.ErrorIs(t, err, domain.ErrUnavailable)
		}
		<-hasher.turn
		_, err = hasher.Hash(t.Context(), goodPassword)
		require.NoError(t, err)
	})
}

func TestHashWorker(t *testing.T) {
	t.Parallel()

	t.Run("answers_line_by_line_and_ends_with_its_input", func(t *testing.T) {
		t.Parallel()
		var out bytes.Buffer
		in := strings.NewReader(`{"password":"one","hash":""}` + "\n" + `{"password":"two","hash":"plain"}` + "\n")
		require.NoError(t, Work(in, &out))
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		require.Len(t, lines, 2)
		require.Contains(t, lines[0], "$argon2id$v=19$m=19456")
		require.Contains(t, lines[1], `"error":"argon2id`)
	})

	t.Run("ends_on_what_it_does_not_understand", func(t *testing.T) {
		t.Parallel()
		require.Error(t, Work(strings.NewReader("hash this\n"), &bytes.Buffer{}))
		require.Error(t, Work(strings.NewReader(`{"password":"x"}`+"\n"), brokenPipe{}))
		require.Error(t, Work(brokenPipe{}, &bytes.Buffer{}))
	})

	// An orphan would keep a port, a terminal or a test waiting.
	t.Run("ends_with_its_parent", func(t *testing.T) {
		t.Parallel()
		program, err := os.Executable()
		require.NoError(t, err)
		child, err := startHashChild(program)
		require.NoError(t, err)
		require.NoError(t, child.in.Close())
		done := make(chan error, 1)
		go func() { done <- child.cmd.Wait() }()
		select {
		case err := <-done:
			require.NoError(t, err)
		case <-time.After(10 * time.Second):
			require.FailNow(t, "still running")
		}
		require.NoError(t, child.out.Close())
	})
}

type brokenPipe struct{}

var errBroken = errors.New("broken")

func (brokenPipe) Read([]byte) (int, error)  { return 0, errBroken }
func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

func TestCheck(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"1234567": "too_short", "абвгдеж": "too_short", "": "too_short",
		strings.Repeat("x", 129): "too_long", strings.Repeat("é", 129): "too_long",
		"password1": "too_common", "PassWord1": "too_common", "baseball1": "too_common", "12345678": "too_common",
		goodPassword: "", "абвгдежз": "", strings.Repeat("é", 128): "",
	} {
		err := Check("password", password)
		if want == "" {
			require.NoError(t, err, password)
			continue
		}
		require.Equal(t, want, domain.As(err).Fields[0].Code, password)
	}
	require.Error(t, Check("password", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18"), "12345678 in wide digits")
	common, err := commonPasswords()
	require.NoError(t, err)
	require.Len(t, common, 17950)
}

// An unknown account must not answer faster than a known one.
func TestNobodysHash(t *testing.T) {
	t.Parallel()
	params, _, _, err := argon2id.DecodeHash(nobodysHash)
	require.NoError(t, err)
	require.Equal(t, cost, *params)
}
