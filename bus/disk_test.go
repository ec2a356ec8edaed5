package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// smallDiskEnv makes the test binary fill the small disk mounted at its value.
const smallDiskEnv = "BARAZA_TEST_SMALL_DISK"

// SECURITY D6: a full disk refuses at once, and is forgiven within 10 s, without a restart.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	// A mount of its own namespace; a normal user needs a user namespace for it.
	arguments := []string{"-m"}
	if os.Geteuid() != 0 {
		arguments = []string{"-Urm"}
	}
	cmd := exec.CommandContext(t.Context(), "unshare", append(arguments, "sh", "-c",
		`mount -t tmpfs -o size=128m tmpfs "$`+smallDiskEnv+`" && exec "$0"`, os.Args[0])...)
	cmd.Env = append(os.Environ(), smallDiskEnv+"="+t.TempDir())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func fillSmallDisk(dir string) int {
	if err := fullDisk(dir); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func fullDisk(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	b, err := Open(ctx, Config{Dir: filepath.Join(dir, "nats")})
	if err != nil {
		return err
	}
	state, err := b.State(ctx, Inbound)
	if err != nil {
		return err
	}
	if state.MaxBytes > 90<<20 {
		return fmt.Errorf("%d bytes are more than 70 %% of the disk", state.MaxBytes)
	}
	// Somebody else fills the disk up to 4 MB.
	ballast := filepath.Join(dir, "ballast")
	free, err := freeBytes(dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(ballast, make([]byte, free-4<<20), 0o600); err != nil {
		return err
	}
	stored := 0
	publish := func() error {
		data := make([]byte, 200_000)
		copy(data, number(stored))
		err := b.Publish(ctx, Inbound, 0, nil, data)
		if err == nil {
			stored++
		}
		return err
	}
	var refused error
	began := time.Now()
	for refused == nil && stored < 100 {
		began = time.Now()
		refused = publish()
	}
	if !errors.Is(refused, ErrFull) || time.Since(began) > 2*time.Second {
		return fmt.Errorf("after %d messages and %s: %w", stored, time.Since(began), refused)
	}
	if err := b.Healthy(ctx); !errors.Is(err, ErrFull) {
		return fmt.Errorf("a full disk is healthy: %w", err)
	}
	if err := os.Remove(ballast); err != nil {
		return err
	}
	began = time.Now()
	for publish() != nil {
		if time.Since(began) > 10*time.Second {
			return errors.New("not back within 10 s")
		}
		<-time.After(10 * time.Millisecond)
	}
	if err := b.Healthy(ctx); err != nil {
		return err
	}
	for range 20 {
		if err := publish(); err != nil {
			return err
		}
	}
	numbers, err := readNumbers(ctx, b, 0, 1, stored)
	if err != nil {
		return err
	}
	previous := -1
	for _, n := range numbers {
		if n != previous && n != previous+1 {
			return fmt.Errorf("%d after %d", n, previous)
		}
		previous = n
	}
	if b.Metrics().Repairs == 0 {
		return errors.New("the disk was never full")
	}
	return b.Close()
}
