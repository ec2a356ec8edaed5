package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"baraza/integrations/meta"
)

// inboundText is one message of a customer, as Meta reports it.
type inboundText struct {
	id, phone, name, text string
	at                    time.Time
}

// webhook is a body that carries the texts of one customer in one request.
func (l *line) webhook(texts ...inboundText) []byte {
	var messages []any
	for _, m := range texts {
		messages = append(messages, map[string]any{
			"from": m.phone, "id": m.id, "timestamp": strconv.FormatInt(m.at.Unix(), 10), "type": "text", "text": map[string]string{"body": m.text}})
	}
	first := texts[0]
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{
		"id": l.waba,
		"changes": []any{map[string]any{"field": "messages", "value": map[string]any{
			"messaging_product": "whatsapp",
			"metadata":          map[string]string{"display_phone_number": "15550000000", "phone_number_id": l.number},
			"contacts":          []any{map[string]any{"profile": map[string]string{"name": first.name}, "wa_id": first.phone}},
			"messages":          messages,
		}}}}}})
	if err != nil {
		panic(err) // strings and maps always encode
	}
	return meta.Wire(body)
}

// status is a webhook about a message of ours, under the key that its call carried.
func (l *line) status(id, phone, status, key string) []byte {
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{
		"id": l.waba,
		"changes": []any{map[string]any{"field": "messages", "value": map[string]any{
			"messaging_product": "whatsapp",
			"metadata":          map[string]string{"display_phone_number": "15550000000", "phone_number_id": l.number},
			"statuses": []any{map[string]any{"id": id, "status": status, "timestamp": strconv.FormatInt(time.Now().Unix(), 10),
				"recipient_id": phone, "biz_opaque_callback_data": key}},
		}}}}}})
	if err != nil {
		panic(err) // strings and maps always encode
	}
	return meta.Wire(body)
}

// post delivers a webhook once, signed as Meta signs.
func post(url string, body []byte, secret string) (reply, error) {
	return postSigned(url, body, meta.Sign(body, secret))
}

func postSigned(url string, body []byte, signature string) (reply, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/webhooks/meta", bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if signature != "" {
		request.Header.Set("X-Hub-Signature-256", signature)
	}
	return do(request)
}
