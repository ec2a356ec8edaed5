package simulator

import "encoding/json"

// interactive is a message with buttons, a list or a link.
type interactive struct {
	Type   string          `json:"type"`
	Header json.RawMessage `json:"header"`
	Body   interactiveText `json:"body"`
	Footer interactiveText `json:"footer"`
	Action struct {
		Buttons []struct {
			Type  string `json:"type"`
			Reply struct {
				ID    string `json:"id"`
				Title string `json:"title"`
			} `json:"reply"`
		} `json:"buttons"`
		Button   string `json:"button"`
		Sections []struct {
			Title string `json:"title"`
			Rows  []struct {
				ID          string `json:"id"`
				Title       string `json:"title"`
				Description string `json:"description"`
			} `json:"rows"`
		} `json:"sections"`
		Name       string          `json:"name"`
		Parameters json.RawMessage `json:"parameters"`
	} `json:"action"`
}

type interactiveText struct {
	Text string `json:"text"`
}

func (m *interactive) check() *refusal {
	if m == nil || m.Body.Text == "" {
		return missing("interactive.body.text is required.")
	}
	refused := first(limit("interactive.body.text", m.Body.Text, 1024), limit("interactive.footer.text", m.Footer.Text, 60))
	if refused != nil {
		return refused
	}
	switch m.Type {
	case "button":
		if n := len(m.Action.Buttons); n < 1 || n > 3 {
			return badValue("Param interactive.action.buttons must have 1 to 3 elements.")
		}
		for _, b := range m.Action.Buttons {
			if b.Reply.ID == "" || b.Reply.Title == "" {
				return missing("A button needs an id and a title.")
			}
			if refused := first(limit("button.title", b.Reply.Title, 20), limit("button.id", b.Reply.ID, 256)); refused != nil {
				return refused
			}
		}
	case "list":
		return m.checkList()
	case "cta_url", "contact_request", "flow":
	default:
		return badValue("Param interactive.type is not valid.")
	}
	return nil
}

func (m *interactive) checkList() *refusal {
	if n := len(m.Action.Sections); m.Action.Button == "" || n < 1 || n > 10 {
		return badValue("Param interactive.action must have a button and 1 to 10 sections.")
	}
	if refused := limit("interactive.action.button", m.Action.Button, 20); refused != nil {
		return refused
	}
	rows := 0
	for _, section := range m.Action.Sections {
		if refused := limit("section.title", section.Title, 24); refused != nil {
			return refused
		}
		for _, row := range section.Rows {
			rows++
			if row.ID == "" || row.Title == "" {
				return missing("A row needs an id and a title.")
			}
			if refused := first(limit("row.title", row.Title, 24), limit("row.id", row.ID, 200), limit("row.description", row.Description, 72)); refused != nil {
				return refused
			}
		}
	}
	if rows < 1 || rows > 10 {
		return badValue("Param interactive.action.sections must have 1 to 10 rows in total.")
	}
	return nil
}

// first returns the first refusal there is.
func first(refusals ...*refusal) *refusal {
	for _, r := range refusals {
		if r != nil {
			return r
		}
	}
	return nil
}
