package dbtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/tenancy"
)

var master = sync.OnceValues(func() (tenancy.Master, error) {
	dir, err := os.MkdirTemp("", "baraza-master-")
	if err != nil {
		return tenancy.Master{}, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the key is in memory; the system clears its temporary folder
	path := filepath.Join(dir, "master.key")
	if err := tenancy.NewMasterFile(path); err != nil {
		return tenancy.Master{}, err
	}
	return tenancy.ReadMaster(path)
})

// Master is the master key of this test process.
func Master(t testing.TB) tenancy.Master {
	t.Helper()
	m, err := master()
	require.NoError(t, err)
	return m
}
