package main

import (
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy is a way to a server on which a test has its hand: join says how a connection's
// two directions, towards the server and back, are carried.
type proxy struct {
	address  string
	upstream string
	join     func(near, far net.Conn) (there, back func())
	listener net.Listener
	mu       sync.Mutex
	open     []net.Conn
	work     sync.WaitGroup
}

func newProxy(t *testing.T, upstream string, join func(near, far net.Conn) (there, back func())) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{address: listener.Addr().String(), upstream: upstream, join: join, listener: listener}
	p.work.Go(p.serve)
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		p.mu.Lock()
		for _, conn := range p.open {
			conn.Close() //nolint:errcheck // ended by the other side already
		}
		p.mu.Unlock()
		p.work.Wait()
	})
	return p
}

func (p *proxy) serve() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.upstream)
		if err != nil {
			near.Close() //nolint:errcheck // nothing was said on it
			continue
		}
		p.mu.Lock()
		p.open = append(p.open, near, far)
		p.mu.Unlock()
		there, back := p.join(near, far)
		p.work.Go(there)
		p.work.Go(back)
	}
}
