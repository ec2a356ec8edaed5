package simulator

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"baraza/integrations/meta"
)

// The line and the customers of the fixtures.
var (
	fixtureLine = number{id: numberA, waba: "301577920445816", display: "15550142233"}
	noor        = Customer{Name: "Noor Haddad", ID: "12025550147", UserID: "US.40182736455102938477"}
	mira        = Customer{Name: "Mira K.", Username: "@mirakoskinen", UserID: "FI.71029384756102938475"}
	tomas       = Customer{Name: "Tomás Rivera", Username: "@tomasr", ID: "12025550163", UserID: "US.51820394756610293841"}
)

// CH-46: what the simulator sends is, byte for byte, what Meta sends.
func TestBodiesAreMetas(t *testing.T) {
	t.Parallel()
	s, err := New(Config{CallbackURL: "http://127.0.0.1/", AppSecret: secret, Now: nil})
	require.NoError(t, err)

	written := func(c Customer, id, at, kind string, own any, reply *quoted) update {
		raw, err := plain(own)
		require.NoError(t, err)
		return fixtureLine.of(value{Contacts: []contact{contactOf(c)},
			Messages: []message{{Context: reply, From: c.ID, FromUserID: c.UserID, ID: id, Timestamp: at, Type: kind, own: raw}}})
	}
	said := func(body string) any { return map[string]string{"body": body} }
	reported := func(c Customer, id, at, name, code, key string) update {
		u := s.statusOf(fixtureLine, accepted{id: id, clientKey: key, to: c}, name, code)
		u.change.Value.Statuses[0].Timestamp = at
		return u
	}
	for name, u := range map[string]update{
		"whatsapp_text": written(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQUM1NUI3RkVEOUJCNzQ5MjBDQgA=", "1794200000", "text",
			said("Hej! Is the Ethiopian filter roast back in stock?"), nil),
		"whatsapp_text_bsuid_only": written(mira, "wamid.HBgBMBUCABIYFDNBMThDNThEQjM2QTA2MDk4OEM5AA==", "1794200005", "text",
			said("Can I book a cupping for six people?"), nil),
		"whatsapp_text_username_with_phone": written(tomas, "wamid.HBgLMTIwMjU1NTAxNjMVAgASGBQzQTE2NDZENzJBRUM0RjUwMDY4OQA=", "1794200000", "text",
			said("Do you deliver to 20009?"), nil),
		"whatsapp_text_reply_context": written(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQUZEQjRGRjQ1ODZBRTdCQUEzMwA=", "1794200000", "text",
			said("The second one, please"), &quoted{From: "15550142233", ID: "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJGRTUzNjI4RTU3NTczMDM0N0MA"}),
		"whatsapp_image": written(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQTdBOTE0RUZBOEE3QkI3M0M1NgA=", "1794200000", "image",
			image{Caption: "This is how the bag arrived", MIME: "image/jpeg", SHA256: "173VRfCdinPCuZAzfIIR1wigTM2XSGJ2heT8ecwDgDk=", ID: "1926739301054866",
				URL: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1926739301054866&source=webhook&ext=1794200300&hash=ARxFixtureHash"}, nil),
		"whatsapp_reaction": written(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQUE0OTgxMDAwNDk5N0FDMTAzMgA=", "1794200000", "reaction",
			reaction{MessageID: "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBI3NjIwQzQzRjBFNDU5MUJFRDkA", Emoji: "👍"}, nil),
		"whatsapp_unknown_message_type": written(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQzQTQ4NUM3RDI3OTFDOEUwQ0U0QQA=", "1794200000", "hologram",
			json.RawMessage(`{"id":"9911","frames":42}`), nil),
		"whatsapp_status_sent":          reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJCNUMxQjNDRjNBQTUxQURBRkMA", "1794200000", "sent", "", ""),
		"whatsapp_status_delivered":     reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJCNUMxQjNDRjNBQTUxQURBRkMA", "1794200002", "delivered", "", ""),
		"whatsapp_status_read":          reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJCNUMxQjNDRjNBQTUxQURBRkMA", "1794200040", "read", "", ""),
		"whatsapp_status_failed_131047": reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJBNkRBNjNFNjZEMzc2OUM3ODEA", "1794200003", "failed", "131047", ""),
		"whatsapp_status_failed_131026": reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJBQTU3Q0RCMEQ1Njk3NjcxODIA", "1794200003", "failed", "131026", ""),
		"whatsapp_status_failed_131049": reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBJDNzUwMDA2OEE4MTBCNUM4RkEA", "1794200003", "failed", "131049", ""),
		"whatsapp_status_opaque_callback": reported(noor, "wamid.HBgLMTIwMjU1NTAxNDcVAgARGBI4NTEyRDhEQzRGQjQwNDIxMEIA", "1794200000", "delivered", "",
			"msg:01JC8Z0S8X;tenant:A"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := bodyOf([]update{u})
			require.NoError(t, err)
			require.Equal(t, string(meta.Wire(fixture(t, name+".json"))), string(meta.Wire(raw)))
		})
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()

	t.Run("look_like_whatsapps", func(t *testing.T) {
		t.Parallel()
		m := mint{seed: 1}
		require.Regexp(t, `^wamid\.HBgLMTIwMjU1NTAxNDcVAgASGBQzQ[0-9A-Za-z+/]+A=$`, m.received("12025550147"))
		require.Regexp(t, `^wamid\.HBgLMTIwMjU1NTAxNDcVAgARGBI[0-9A-Za-z+/]+A$`, m.sent("12025550147"))
		require.Regexp(t, `^wamid\.HBgBMBUCABIYFDNB`, m.received(""))
		require.Regexp(t, `^[0-9]{16}$`, m.media())
	})

	t.Run("follow_from_the_seed", func(t *testing.T) {
		t.Parallel()
		a, b, c := mint{seed: 1}, mint{seed: 1}, mint{seed: 2}
		require.Equal(t, []string{a.sent("1"), a.sent("1")}, []string{b.sent("1"), b.sent("1")})
		require.NotEqual(t, a.sent("1"), c.sent("1"))
	})

	t.Run("of_people_and_lines_follow_from_nothing_else", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, userIDOf(numberA, "12025550147"), userIDOf(numberA, "12025550147"))
		require.NotEqual(t, userIDOf(numberA, "12025550147"), userIDOf(numberB, "12025550147"), "a user id belongs to one business")
		require.Regexp(t, `^US\.[0-9]{20}$`, userIDOf(numberA, "12025550147"))
		require.Regexp(t, `^KE\.`, userIDOf(numberA, "254700000111"))
		require.Regexp(t, `^XX\.`, userIDOf(numberA, "999"))
		require.Equal(t, "+1 555 715 3204", numberOf(numberA).pretty())
		require.Equal(t, number{id: "12", waba: "012", display: "15550000012"}, numberOf("12"))
	})
}
