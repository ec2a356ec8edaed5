package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// CH-06 (SECURITY D6): the disk under the stream has no space. Webhooks are refused and
// the program asks for no traffic; what needs no stream goes on; with space it is back
// within ten seconds by itself, and nothing acknowledged is lost.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	p := newProgram(t, newDatabase(t, true).settings())
	folder := filepath.Join(p.dir, "data", "nats")
	require.NoError(t, os.MkdirAll(folder, 0o711))
	// A mount of its own namespace, gone with the program; a normal user needs a user
	// namespace for it.
	unshare := []string{"unshare", "-m"}
	if os.Geteuid() != 0 {
		unshare = []string{"unshare", "-Urm"}
	}
	mount := append(unshare, "sh", "-c", `mount -t tmpfs -o size=96m tmpfs "`+folder+`" && exec "$@"`, "sh")
	if out, err := exec.CommandContext(t.Context(), mount[0], append(mount[1:], "true")...).CombinedOutput(); err != nil {
		t.Logf("no file system can be mounted here (%s), so none was filled: that a stream folder nobody can write to is refused at the start is all that is checked", strings.TrimSpace(string(out)))
		require.NoError(t, os.Remove(folder))
		require.NoError(t, os.WriteFile(folder, []byte("in the way"), 0o600))
		out, code := p.command("serve")
		require.Equal(t, 1, code, out)
		require.Contains(t, lastLine(out), "the stream directory")
		return
	}
	p.under = mount
	p.ready()
	owner := p.register("disk")
	l := owner.connect("418290667159000", "301577920449000")
	ballast := filepath.Join("/proc", fmt.Sprint(p.running.cmd.Process.Pid), "root", folder, "ballast")

	// One customer writes long texts, forty in a webhook, until one is refused; they are
	// sent again under their ids, as the platform does.
	const texts = 40
	acknowledged := 0
	deliver := func() reply {
		var batch []inboundText
		for i := range texts {
			n := acknowledged*texts + i + 1
			batch = append(batch, inboundText{fmt.Sprint("wamid.disk.", n), "254700000901", "Fatuma", fmt.Sprint(n, " ", strings.Repeat("x", 4000)), time.Now()})
		}
		r, err := post(p.url, l.webhook(batch...), appSecret)
		require.NoError(t, err)
		if r.status == http.StatusOK {
			acknowledged++
		}
		return r
	}
	require.Equal(t, http.StatusOK, deliver().status)
	fill(t, ballast, filepath.Dir(ballast), 4<<20)
	var refused reply
	for refused.status != http.StatusServiceUnavailable {
		require.Less(t, acknowledged, 100)
		refused = deliver()
	}
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	require.Equal(t, "unavailable", refused.problem(t).Code)
	eventually(t, "/readyz to name the streams", func() bool {
		r, err := send("GET", p.url+"/readyz", "", nil)
		require.NoError(t, err)
		return r.status == http.StatusServiceUnavailable && strings.Contains(string(r.body), `"streams":{"ok":false`) && strings.Contains(string(r.body), `"postgres":{"ok":true`)
	})
	require.Equal(t, http.StatusServiceUnavailable, deliver().status)
	require.Len(t, owner.conversations(), 1, "what needs no stream goes on")

	require.NoError(t, os.Remove(ballast))
	spaced := time.Now()
	eventually(t, "a webhook to be taken", func() bool { return deliver().status == http.StatusOK })
	p.waitReady()
	r := trial{Fault: "disk full", Trial: 1, Seconds: time.Since(spaced).Seconds()}
	for range 5 {
		require.Equal(t, http.StatusOK, deliver().status)
	}
	var list []conversation
	eventually(t, "everything acknowledged", func() bool {
		list = owner.conversations()
		return list[0].LastSeq >= int64(acknowledged*texts+1)
	})
	var thread []message
	for _, m := range owner.thread(list[0].ID) {
		number, _, _ := strings.Cut(m.text(), " ")
		m.Text = &number
		thread = append(thread, m)
	}
	r.count(&sender{last: acknowledged * texts}, thread)
	r.record(t)
	p.stop(syscall.SIGTERM)
}

// fill leaves so much of the disk of a folder.
func fill(t *testing.T, file, folder string, left uint64) {
	t.Helper()
	var disk syscall.Statfs_t
	require.NoError(t, syscall.Statfs(folder, &disk))
	free := disk.Bavail * uint64(disk.Bsize)
	require.Greater(t, free, left)
	require.NoError(t, os.WriteFile(file, make([]byte, free-left), 0o600))
}
