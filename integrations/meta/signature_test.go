package meta

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

type signatureCase struct {
	Name      string  `json:"name"`
	Secret    string  `json:"app_secret"`
	Body      string  `json:"raw_body_base64"`
	Signature *string `json:"x_hub_signature_256"`
	Valid     bool    `json:"expect_valid"`
}

func (c signatureCase) raw(t testing.TB) []byte {
	b, err := base64.StdEncoding.DecodeString(c.Body)
	require.NoError(t, err)
	return b
}

func (c signatureCase) header() string {
	if c.Signature == nil {
		return ""
	}
	return *c.Signature
}

func signatureCases(t testing.TB) []signatureCase {
	var file struct {
		Cases []signatureCase `json:"cases"`
	}
	require.NoError(t, json.Unmarshal(fixture(t, "meta_signature_vectors.json"), &file))
	require.Len(t, file.Cases, 14)
	return file.Cases
}

// CH-04: only Meta's signature over the bytes as they arrived is accepted.
func TestVerifySignature(t *testing.T) {
	t.Parallel()
	for _, c := range signatureCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			ok, escaped := VerifySignature(c.raw(t), c.header(), appSecret, previousSecret)
			require.Equal(t, c.Valid, ok)
			require.Equal(t, c.Name == "raw_utf8_body_signed_over_escaped_form", escaped)
		})
	}
	t.Run("an_empty_secret_never_matches", func(t *testing.T) {
		t.Parallel()
		ok, _ := VerifySignature([]byte(`{}`), Sign([]byte(`{}`), ""), "")
		require.False(t, ok)
	})
	t.Run("no_secret_never_matches", func(t *testing.T) {
		t.Parallel()
		ok, _ := VerifySignature([]byte(`{}`), Sign([]byte(`{}`), appSecret))
		require.False(t, ok)
	})
	t.Run("what_is_signed_is_verified", func(t *testing.T) {
		t.Parallel()
		for _, c := range signatureCases(t) {
			ok, escaped := VerifySignature(c.raw(t), Sign(c.raw(t), c.Secret), appSecret, previousSecret)
			require.True(t, ok, c.Name)
			require.False(t, escaped, c.Name)
			if c.Valid {
				signed := c.raw(t)
				if c.Name == "raw_utf8_body_signed_over_escaped_form" {
					signed = Escape(signed)
				}
				require.Equal(t, c.header(), Sign(signed, c.Secret), c.Name)
			}
		}
	})
}

func FuzzVerifySignature(f *testing.F) {
	for _, c := range signatureCases(f) {
		f.Add(c.raw(f), c.header())
	}
	f.Add([]byte("\xff\xfe\xed\xa0\x80"), "sha256=00")
	f.Fuzz(func(t *testing.T, raw []byte, header string) {
		VerifySignature(raw, header, appSecret)
		ok, escaped := VerifySignature(raw, Sign(raw, appSecret), previousSecret, appSecret)
		require.True(t, ok)
		require.False(t, escaped)
		ok, _ = VerifySignature(append(raw, 'x'), Sign(raw, appSecret), appSecret)
		require.False(t, ok)

		ok, escaped = VerifySignature(raw, Sign(Escape(raw), appSecret), appSecret)
		require.True(t, ok)
		require.Equal(t, !bytes.Equal(raw, Escape(raw)), escaped)
	})
}
