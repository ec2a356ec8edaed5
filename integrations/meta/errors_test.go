package meta

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"baraza/domain/channels"
)

// outcomeOf names what a send returned.
func outcomeOf(err error) string {
	switch e := err.(type) {
	case nil:
		return "sent"
	case *channels.SendError:
		return "refused " + e.Code
	case *channels.ReauthRequired:
		return "reauth " + e.Cause.Code
	case *channels.Transient:
		s := "transient " + e.Cause.Code
		if e.RetryAfter > 0 {
			s += " after " + e.RetryAfter.String()
		}
		return s
	case *channels.UnknownOutcome:
		return "unknown"
	}
	return fmt.Sprintf("%T", err)
}

// CH-17: every error Meta can answer a send with has one reaction.
func TestGraphErrors(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"0": "reauth 0", "102": "reauth 102", "190_458": "reauth 190", "190_460": "reauth 190", "190_460_ig": "reauth 190",
		"190_463": "reauth 190", "190_malformed": "reauth 190", "10_whatsapp": "reauth 10", "131005": "reauth 131005", "200_messenger": "reauth 200",

		"1_unknown": "transient 1", "2_transient": "transient 2", "131000": "transient 131000", "131016": "transient 131016",
		"131057": "transient 131057 after 1m0s", "4": "transient 4", "17": "transient 17", "32": "transient 32", "613": "transient 613",
		"80001": "transient 80001", "80002": "transient 80002", "80006": "transient 80006", "80007": "transient 80007",
		"130429": "transient 130429", "131056": "transient 131056 after 6s", "131064": "transient 131064", "133016": "transient 133016",

		"500_no_json": "unknown",

		"100_2018001": "refused 100", "100_2018047": "refused 100", "100_33": "refused 100", "100_message_tag_deprecated": "refused 100",
		"100_param": "refused 100", "10_2018278": "refused 10", "10_2534022": "refused 10", "131008": "refused 131008", "131009": "refused 131009",
		"131026": "refused 131026", "131030": "refused 131030", "131031": "refused 131031", "131042": "refused 131042", "131045": "refused 131045",
		"131047": "refused 131047", "131048": "refused 131048", "131051": "refused 131051", "131062": "refused 131062", "132000": "refused 132000",
		"132001": "refused 132001", "132012": "refused 132012", "132015": "refused 132015", "132016": "refused 132016", "133005": "refused 133005",
		"133006": "refused 133006", "133010": "refused 133010", "2018278_as_551": "refused 200", "368": "refused 368", "551_1545041": "refused 551",
		"ig_code_used": "refused 400", "media_404": "refused 404", "oauth_code_expired": "refused 100",
	}
	names := fixtures(t, "graph_error_")
	require.Len(t, names, len(want))
	for _, name := range names {
		t.Run(stem(name), func(t *testing.T) {
			t.Parallel()
			body, status := fixture(t, name), http.StatusBadRequest
			var wrapped struct {
				Raw *string `json:"_raw_body"`
			}
			require.NoError(t, json.Unmarshal(body, &wrapped))
			if wrapped.Raw != nil {
				body, status = []byte(*wrapped.Raw), http.StatusInternalServerError
			}
			_, err := answer{status: status, body: body}.sent()
			require.Equal(t, want[strings.TrimPrefix(stem(name), "graph_error_")], outcomeOf(err))
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()

	t.Run("every_documented_code_has_a_plain_sentence_and_a_next_step", func(t *testing.T) {
		t.Parallel()
		for _, documented := range strings.Fields(`190 190/458 190/460 190/463 190/467 190/459 190/464 190/492 102 0
			10 3 200 249 299 131005 131047 10/2018278 10/2534022 131026 551 200/1545041 100/2018001 130403 131050 10/2018108
			4 17 32 613 341 80001 80002 80006 80007 80008 130429 131056 133016 131064 368 131031 131048 130497 131049 130472
			1 2 131000 131016 131057 133004 135000 100 33 100/33 131008 131009 131021 131051 131052 131053 100/2018047
			132000 132001 132005 132007 132012 132015 132016 132018 132068 132069 131063 131042 134011
			131045 133000 133005 133006 133008 133009 133010 133015 131037 131062 131030`) {
			code, subcode, _ := strings.Cut(documented, "/")
			r := refusalOf(code, subcode)
			require.True(t, r.known, documented)
			require.Equal(t, code, r.code)
			require.NotEmpty(t, r.title, documented)
			require.NotEmpty(t, r.detail, documented)
			require.False(t, strings.HasSuffix(r.title, "."), documented)
		}
	})

	t.Run("a_subcode_decides_before_its_code", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, signIn, refusalOf("10", "").reaction)
		require.Equal(t, signIn, refusalOf("10", "12345").reaction)
		require.Equal(t, final, refusalOf("10", "2018278").reaction)
		require.Equal(t, signIn, refusalOf("200", "").reaction)
		require.Equal(t, final, refusalOf("200", "1545041").reaction)
	})

	t.Run("an_unknown_code_is_final_and_keeps_its_number", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "refused 987654", outcomeOf(refusalOf("987654", "1").outcome()))
		require.Equal(t, "refused unknown", outcomeOf(refusalOf("", "").outcome()))
	})
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	usage := strings.Join(strings.Fields(string(fixture(t, "graph_header_x_business_use_case_usage.json"))), "")
	for _, c := range []struct {
		name string
		answer
		want string
	}{
		{"an_unknown_code_that_passes", answer{status: 400, body: []byte(`{"error":{"code":987654,"is_transient":true}}`)}, "transient 987654"},
		{"an_unknown_code_with_a_server_error", answer{status: 503, body: []byte(`{"error":{"code":987654}}`)}, "transient 987654 after 30s"},
		{"a_server_error_leaves_time_for_a_status", answer{status: 500, body: []byte(`{"error":{"code":131000}}`)}, "transient 131000 after 30s"},
		{"a_known_code_stays_final_whatever_the_status", answer{status: 500, body: []byte(`{"error":{"code":131047}}`)}, "refused 131047"},
		{"an_error_without_code", answer{status: 400, body: []byte(`{"error":{"message":"no"}}`)}, "refused unknown"},
		{"an_error_with_status_200", answer{status: 200, body: []byte(`{"error":{"code":"131026"}}`)}, "refused 131026"},
		{"retry_after", answer{status: 400, header: header("Retry-After", "30"), body: []byte(`{"error":{"code":130429}}`)}, "transient 130429 after 30s"},
		{"retry_after_is_bounded", answer{status: 400, header: header("Retry-After", "86400"), body: []byte(`{"error":{"code":4}}`)}, "transient 4 after 1h0m0s"},
		{"time_to_regain_access", answer{status: 400, header: header("X-Business-Use-Case-Usage", usage), body: []byte(`{"error":{"code":80007}}`)}, "transient 80007 after 19m0s"},
		{"the_longer_wait_counts", answer{status: 400, header: header("Retry-After", "2"), body: []byte(`{"error":{"code":131056}}`)}, "transient 131056 after 6s"},
		{"too_many_requests_without_body", answer{status: 429, header: header("Retry-After", "7")}, "transient http_429 after 7s"},
		{"a_page_of_a_firewall", answer{status: 403, body: []byte(`<html>`)}, "refused http_403"},
		{"a_redirect", answer{status: 302}, "unknown"},
		{"a_request_time_out", answer{status: 408}, "unknown"},
		{"accepted_without_id", answer{status: 200, body: []byte(`{"messages":[]}`)}, "unknown"},
		{"accepted_with_another_shape", answer{status: 200, body: []byte(`["wamid"]`)}, "unknown"},
		{"accepted_with_nothing", answer{status: 204}, "unknown"},
		{"accepted", answer{status: 200, body: fixture(t, "graph_whatsapp_send_ok_bsuid.json")}, "sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			id, err := c.sent()
			require.Equal(t, c.want, outcomeOf(err))
			require.Equal(t, err == nil, id != "")
		})
	}
	require.Equal(t, 19*time.Minute, answer{header: header("X-Business-Use-Case-Usage", usage)}.wait())
}

func FuzzAnswer(f *testing.F) {
	for _, name := range append(fixtures(f, "graph_error_"), "graph_whatsapp_send_ok.json", "graph_whatsapp_send_ok_bsuid.json") {
		f.Add(400, fixture(f, name), "7", "{}")
		f.Add(200, fixture(f, name), "", string(fixture(f, "graph_header_x_business_use_case_usage.json")))
	}
	f.Add(500, []byte("<html>"), "-1", "[]")
	f.Fuzz(func(t *testing.T, status int, body []byte, retryAfter, usage string) {
		id, err := answer{status: status, body: body, header: http.Header{"Retry-After": {retryAfter}, "X-Business-Use-Case-Usage": {usage}}}.sent()
		require.Equal(t, err == nil, id != "")
		require.LessOrEqual(t, len(id), maxProviderID)
		require.False(t, strings.HasPrefix(outcomeOf(err), "*"), "one of the five outcomes")
		if later := (*channels.Transient)(nil); errors.As(err, &later) {
			require.True(t, later.RetryAfter >= 0 && later.RetryAfter <= maxWait)
		}
	})
}
