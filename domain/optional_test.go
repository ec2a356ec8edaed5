package domain

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

func TestOptional(t *testing.T) {
	t.Parallel()

	type patch struct {
		Name Optional[string] `json:"name"`
		Zone Optional[struct {
			X int `json:"x"`
		}] `json:"zone"`
	}
	decode := func(body string) (patch, error) {
		var p patch
		err := json.Unmarshal([]byte(body), &p, json.RejectUnknownMembers(true))
		return p, err
	}

	t.Run("absent_null_and_value_are_three_things", func(t *testing.T) {
		t.Parallel()
		absent, err := decode(`{}`)
		require.NoError(t, err)
		require.Equal(t, Optional[string]{}, absent.Name)
		require.Nil(t, absent.Name.ValidatorValue())

		null, err := decode(`{"name":null}`)
		require.NoError(t, err)
		require.Equal(t, Optional[string]{Set: true, Null: true}, null.Name)
		require.Nil(t, null.Name.ValidatorValue())

		value, err := decode(`{"name":""}`)
		require.NoError(t, err)
		require.Equal(t, Optional[string]{Set: true}, value.Name)
		require.Equal(t, "", value.Name.ValidatorValue())
	})

	t.Run("inside_it_unknown_members_and_wrong_types_are_refused", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{`{"zone":{"y":1}}`, `{"zone":{"X":1}}`, `{"name":1}`, `{"name":{}}`} {
			_, err := decode(body)
			require.Error(t, err, body)
		}
	})
}
