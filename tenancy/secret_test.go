package tenancy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"baraza/tenancy"
)

const value = "open-sesame-7f3a"

// SE-23, SECURITY §3: whatever way a secret is printed, encoded or logged, a mask comes out.
func TestSecret(t *testing.T) {
	t.Parallel()
	secret := tenancy.Secret(value)
	require.Equal(t, value, secret.Reveal())
	type Config struct {
		URL    string         `json:"url"`
		Token  tenancy.Secret `json:"token"`
		hidden tenancy.Secret
	}
	config := Config{URL: "https://baraza.example", Token: secret, hidden: secret}
	require.Equal(t, value, config.hidden.Reveal())

	hides := func(t *testing.T, text string) {
		t.Helper()
		require.NotEmpty(t, text)
		require.NotContains(t, text, value)
		require.NotContains(t, text, fmt.Sprintf("%x", value))
	}

	t.Run("printed", func(t *testing.T) {
		t.Parallel()
		hides(t, secret.String())
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%40s", "%.3s", "% x", "%T %v"} {
			hides(t, fmt.Sprintf(verb, secret, secret))
			hides(t, fmt.Sprintf(verb, &secret, &secret))
			hides(t, fmt.Sprintf(verb, []tenancy.Secret{secret}, secret))
			hides(t, fmt.Sprintf(verb, map[string]tenancy.Secret{"k": secret}, secret))
			hides(t, fmt.Sprintf(verb, Config{Token: secret}, secret))
			hides(t, fmt.Sprintf(verb, &Config{Token: secret}, secret))
		}
		hides(t, fmt.Sprint(secret))
		hides(t, fmt.Sprintln("token", secret))
		hides(t, fmt.Errorf("refused %s: %w", secret, errors.ErrUnsupported).Error())
	})

	t.Run("encoded", func(t *testing.T) {
		t.Parallel()
		for _, v := range []any{secret, &secret, []tenancy.Secret{secret}, Config{Token: secret}, map[string]any{"a": secret}} {
			text, err := json.Marshal(v)
			require.NoError(t, err)
			hides(t, string(text))
			text, err = jsonv2.Marshal(v)
			require.NoError(t, err)
			hides(t, string(text))
		}
		text, err := secret.MarshalText()
		require.NoError(t, err)
		hides(t, string(text))
	})

	t.Run("logged", func(t *testing.T) {
		t.Parallel()
		for _, encoder := range []zapcore.Encoder{
			zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig()),
		} {
			var out bytes.Buffer
			log := zap.New(zapcore.NewCore(encoder, zapcore.AddSync(&out), zap.DebugLevel))
			log.Info("any", zap.Any("secret", secret), zap.Any("config", Config{Token: secret}), zap.Any("list", []tenancy.Secret{secret}))
			log.Info("reflect", zap.Reflect("secret", secret), zap.Reflect("config", &Config{Token: secret}))
			log.Info("stringer", zap.Stringer("secret", secret), zap.Object("object", secret), zap.Inline(secret))
			log.Sugar().Infow("sugar", "secret", secret, "config", Config{Token: secret})
			log.Sugar().Infof("sugar %v %+v", secret, Config{Token: secret})
			log.Error("error", zap.Error(fmt.Errorf("refused %q", secret)))
			hides(t, out.String())
		}
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("slog", "secret", secret, "config", Config{Token: secret})
		slog.New(slog.NewTextHandler(&out, nil)).Info("slog", "secret", secret, "config", Config{Token: secret})
		hides(t, out.String())
	})

	t.Run("empty_is_seen_to_be_empty", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, tenancy.Secret("").String())
		require.Empty(t, fmt.Sprint(tenancy.Secret("")))
		require.Equal(t, fmt.Sprint(tenancy.Secret("a")), fmt.Sprint(tenancy.Secret("a much longer one")), "no length shows")
	})
}
