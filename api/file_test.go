package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/domain"
	"baraza/tenancy"
)

type savedFile struct{ write func(io.Writer) error }

func (f savedFile) File() (name, contentType string, write func(io.Writer) error) {
	return `week "47".csv`, "text/csv; charset=utf-8", f.write
}

// A file is saved, never shown; one that broke half-way is no file.
func TestDownload(t *testing.T) {
	t.Parallel()
	var write func(io.Writer) error
	server := httptest.NewServer(newServer(t, nil, func(r *Routes) {
		download(r, "/api/things/export", tenancy.Public, func(context.Context, domain.None) (savedFile, error) {
			return savedFile{write}, nil
		}, says("Saves things"))
	}))
	defer server.Close()
	get := func() (*http.Response, string, error) {
		answer, err := server.Client().Get(server.URL + "/api/things/export")
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return answer, string(body), err
	}

	write = func(w io.Writer) error { _, err := io.WriteString(w, "a,b\r\n"); return err }
	answer, body, err := get()
	require.NoError(t, err)
	require.Equal(t, "a,b\r\n", body)
	require.Equal(t, "text/csv; charset=utf-8", answer.Header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="week \"47\".csv"`, answer.Header.Get("Content-Disposition"))
	require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))

	write = func(w io.Writer) error {
		_, err := w.Write(make([]byte, 64<<10))
		return errors.Join(err, domain.ErrUnavailable)
	}
	_, _, err = get()
	require.Error(t, err)

	write = func(io.Writer) error { return domain.ErrUnavailable }
	answer, body, err = get()
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
	require.Contains(t, body, `"code":"unavailable"`)
}
