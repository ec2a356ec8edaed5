package domain

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// SE-27, SECURITY S8: no cell starts a formula, and every cell reads back as it was.
func TestSafeCell(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1+1", "+254711000222", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", "''-1"} {
		require.True(t, strings.HasPrefix(SafeCell(text), "'"), "%q", text)
		require.Equal(t, text, PlainCell(SafeCell(text)))
	}
	for _, text := range []string{"", "'", "it's", "'tis", "a=b", " =1", "{\"a\":1}"} {
		require.Equal(t, text, SafeCell(text))
		require.Equal(t, text, PlainCell(text))
	}

	letters := []rune("=+-@\t\r\n'＝＋－＠ab,\"; é🙂")
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		text := make([]rune, random.IntN(6))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		cell := SafeCell(string(text))
		require.Equal(t, string(text), PlainCell(cell))
		require.False(t, cell != "" && strings.ContainsAny(string([]rune(cell)[0]), "=+-@\t\r\n＝＋－＠"), "%q", cell)
	}

	var file bytes.Buffer
	w := csv.NewWriter(&file)
	require.NoError(t, w.Write([]string{SafeCell("=cmd|'/c calc'!A1"), SafeCell("a,\"b\"")}))
	w.Flush()
	rows, err := csv.NewReader(&file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{{"'=cmd|'/c calc'!A1", "a,\"b\""}}, rows)
}
