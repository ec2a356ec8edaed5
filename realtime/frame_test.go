package realtime

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"baraza/db"
)

func TestFrameIsJSONWhateverTheReader(t *testing.T) {
	t.Parallel()
	at := &horizon{generation: math.MaxUint32, xid: math.MaxInt64, at: time.Unix(math.MaxUint32, 0)}
	for _, unread := range []int64{-5, 0, 7, 1234, 9_999_999_999, math.MaxInt64} {
		data := []byte(`{"text":"say \"unread\":-1 aloud","conversation":{"unread":-1,"x":[1]}}`)
		it := item{opcode: opText, head: eventHead(conversationTopic, uuid.New()), body: eventBody(db.NewID(), "message.created", time.Now(), data), at: at, version: math.MaxUint32, unread: unread}
		b := it.appendTo(nil)
		require.LessOrEqual(t, len(b), it.size())
		var f struct {
			frame
			Data struct {
				Text         string
				Conversation struct{ Unread int64 }
			} `json:"data"`
		}
		require.NoError(t, json.Unmarshal(b[4:], &f), string(b[4:]))
		require.Equal(t, min(max(unread, 0), 9_999_999_999), f.Data.Conversation.Unread)
		require.Equal(t, `say "unread":-1 aloud`, f.Data.Text)
		got, version, err := parseCursor(f.Cursor)
		require.NoError(t, err)
		require.Equal(t, *at, got)
		require.EqualValues(t, math.MaxUint32, version)
	}
	// Another reader's copy of the same body is not touched by it.
	body := cursorOnly()
	was := slices.Clone(body.text)
	(&item{opcode: opText, body: body, at: at}).appendTo(nil)
	require.Equal(t, was, body.text)
	require.Equal(t, cursorWidth, len(cursorRoom))
}

func TestFrameLengths(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 125, 126, 65_535, 65_536, 200_000} {
		it := item{opcode: opText, body: &body{text: []byte(strings.Repeat("x", n))}}
		w := wireOf(it.appendTo(nil))
		kind, payload, err := w.frame()
		require.NoError(t, err)
		require.Equal(t, opText, kind)
		require.Len(t, payload, n)
	}
}

func TestCursors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := horizon{rapid.Uint32().Draw(t, "generation"), rapid.Int64().Draw(t, "xid"), time.Unix(int64(rapid.Uint32().Draw(t, "at")), 0)}
		version := rapid.Uint32().Draw(t, "version")
		text := at.cursor(version)
		got, v, err := parseCursor(text)
		require.NoError(t, err)
		require.Equal(t, at, got)
		require.Equal(t, version, v)
	})
}

// A topic's list holds exactly who subscribed, and a list once loaded never changes.
func TestSubscribers(t *testing.T) {
	t.Parallel()
	all := make([]*connection, 700)
	for i := range all {
		all[i] = &connection{}
	}
	name := topic{kind: inboxTopic}
	rapid.Check(t, func(t *rapid.T) {
		list := topics{list: map[topic]*subscribers{}}
		in := map[*connection]bool{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(all)-1), 0, 900).Draw(t, "steps") {
			before := list.of(name)
			kept := slices.Concat(before...)
			if in[all[i]] {
				list.unsubscribe(name, all[i])
			} else {
				list.subscribe(name, all[i])
			}
			in[all[i]] = !in[all[i]]
			require.Equal(t, kept, slices.Concat(before...))
		}
		var want, got []*connection
		for _, c := range all {
			if in[c] {
				want = append(want, c)
			}
		}
		for _, chunk := range list.of(name) {
			require.NotEmpty(t, chunk)
			require.LessOrEqual(t, len(chunk), chunkSize)
			got = append(got, chunk...)
		}
		require.ElementsMatch(t, want, got)
		if len(want) == 0 {
			require.Empty(t, list.list)
		}
	})
}

func TestRate(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	var g gcra
	for range frameBurst {
		require.True(t, g.allow(start, frameInterval, frameBurst))
	}
	require.False(t, g.allow(start, frameInterval, frameBurst))
	require.True(t, g.allow(start.Add(frameInterval), frameInterval, frameBurst), "one place is free again")
	require.False(t, g.allow(start.Add(frameInterval), frameInterval, frameBurst))
	later := start.Add(time.Minute)
	for range frameBurst {
		require.True(t, g.allow(later, frameInterval, frameBurst), "never more than the burst")
	}
	require.False(t, g.allow(later, frameInterval, frameBurst))
}

// What went out is remembered until no sweep will read it again.
func TestPassed(t *testing.T) {
	t.Parallel()
	p := newPassed()
	id := uuid.New()
	p.add(id)
	p.settle(100, 120) // what went out so far lies below 120
	p.settle(119, 150)
	require.True(t, p.has(id))
	p.settle(120, 160) // below is settled: turn
	require.True(t, p.has(id), "it went out before the turn")
	p.settle(121, 170)
	p.settle(169, 200)
	require.True(t, p.has(id))
	p.settle(170, 210)
	require.False(t, p.has(id))
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"ping","ref":"9"}`, `{"type":"subscribe","ref":"1","topics":["inbox","me"],"since":"x"}`, `{"type":"unsubscribe","topics":["inbox"]}`,
		`{"type":"typing","conversation_id":"0198f3d1-0000-7000-8000-000000000000","state":"start","mode":"note"}`,
		`{"type":"presence","availability":"available","reason":null,"viewing":null}`, `{`, `[1]`, "{\"type\":\"ping\",\"ref\":\"\u0000\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		cmd, err := decode(message)
		if err != nil {
			require.ErrorIs(t, err, errFrame)
			return
		}
		require.True(t, json.Valid(message))
		require.True(t, valid(cmd))
		if p, ok := cmd.(*ping); ok {
			b := &body{text: []byte(`{"type":"pong"`)}
			b.appendRef(p.Ref)
			require.True(t, json.Valid(append(b.text, '}')), "a reference is given back as JSON")
		}
	})
}

func FuzzTopic(f *testing.F) {
	tenant, user := uuid.New(), uuid.New()
	for _, seed := range []string{"inbox", "me", "conversation:" + tenant.String(), "conversation:*", "live.>", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got, ok := parseTopic(name, tenant, user); ok {
			require.Equal(t, tenant, got.tenant)
			require.Equal(t, name, got.String(), "one spelling")
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add((&horizon{1, 2, time.Unix(3, 0)}).cursor(4))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if h, version, err := parseCursor(text); err == nil {
			require.Equal(t, text, h.cursor(version))
		}
	})
}
