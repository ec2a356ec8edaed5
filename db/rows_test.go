package db_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"baraza/db"
	"baraza/db/dbtest"
	"baraza/domain"
)

func TestRows(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	type row struct {
		N    int    `db:"n"`
		Name string `db:"name"`
	}
	one, err := db.One[row](d.A, d.Tenant, `select 1 as n, 'a' as name`)
	require.NoError(t, err)
	require.Equal(t, row{1, "a"}, one)
	_, err = db.One[row](d.A, d.Tenant, `select 1 as n, 'a' as name where false`)
	require.ErrorIs(t, err, domain.ErrNotFound)

	all, err := db.All[row](d.A, d.Tenant, `select n, 'x' as name from generate_series(1, 3) n`)
	require.NoError(t, err)
	require.Equal(t, []row{{1, "x"}, {2, "x"}, {3, "x"}}, all)
	none, err := db.All[row](d.A, d.Tenant, `select 1 as n, 'a' as name where false`)
	require.NoError(t, err)
	require.NotNil(t, none)
	require.Empty(t, none)

	require.NoError(t, db.Must(1, nil))
	require.ErrorIs(t, db.Must(0, nil), domain.ErrNotFound)
	require.ErrorIs(t, db.Must(0, domain.ErrExists), domain.ErrExists)
	require.ErrorIs(t, db.Must(db.Exec(d.A, d.Tenant, `update teams set name = name where id = $1`, db.NewID())), domain.ErrNotFound)
	require.NoError(t, db.Must(db.Exec(d.A, d.Tenant, `update teams set name = name`)))
}

// Requests write and read arrays at the same time: the race detector watches.
func TestTextsAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				text, err := db.Texts{"own", "team"}.Value()
				assert.NoError(t, err)
				var got db.Texts
				assert.NoError(t, got.Scan(text))
				assert.Equal(t, db.Texts{"own", "team"}, got)
			}
		})
	}
	all.Wait()
}

func TestTexts(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, want := range []db.Texts{
		{}, {""}, {"a"}, {"a", "b"}, {"null", "NULL", "{}", "{a}"}, {`say "hi"`, `back\slash`, "it's", "com,ma", " blanks ", "new\nline"},
		{"Karibu barazani 🙂", "مرحبا", "שלום", "漢字"},
	} {
		got, err := db.One[db.Texts](d.A, d.Tenant, `select $1::text[]`, want)
		require.NoError(t, err)
		require.Equal(t, want, got)
		n, err := db.One[int](d.A, d.Tenant, `select cardinality($1::text[])`, want)
		require.NoError(t, err)
		require.Equal(t, len(want), n)
	}

	null, err := db.One[db.Texts](d.A, d.Tenant, `select null::text[]`)
	require.NoError(t, err)
	require.Equal(t, db.Texts{}, null, "NULL reads as none")
	isNull, err := db.One[bool](d.A, d.Tenant, `select $1::text[] is null`, db.Texts(nil))
	require.NoError(t, err)
	require.False(t, isNull, "none is written as {}, for columns that are not null")

	_, err = db.One[db.Texts](d.A, d.Tenant, `select array['a', null]`)
	require.Error(t, err, "a NULL inside is no text")
	require.Error(t, new(db.Texts).Scan(7))
	require.Error(t, new(db.Texts).Scan("no array"))
}
