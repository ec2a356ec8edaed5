package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

const tokenPrefix = "EAASIM"

// Token is the access token of a number. No real token starts like it.
func Token(secret, phoneNumberID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(phoneNumberID))
	return tokenPrefix + hex.EncodeToString(mac.Sum(nil))
}

// number is a business phone number. Everything about it follows from its id.
type number struct {
	id      string
	waba    string // its business account
	display string // in digits
}

func numberOf(phoneNumberID string) number {
	seven := strings.Repeat("0", max(0, 7-len(phoneNumberID))) + phoneNumberID
	return number{id: phoneNumberID, waba: "0" + phoneNumberID, display: "1555" + seven[len(seven)-7:]}
}

// pretty is the display form: +1 555 123 4567.
func (n number) pretty() string {
	return fmt.Sprintf("+1 555 %s %s", n.display[4:7], n.display[7:])
}

func (n number) name() string { return "Simulated line " + n.display[7:] }

// Customer is somebody who writes to a number.
type Customer struct {
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	// ID is the phone number; "" for somebody who hides it behind a user name.
	ID string `json:"id"`
	// UserID is the business-scoped user id. Defaults to one that follows from number and phone.
	UserID string `json:"user_id,omitempty"`
}

// userIDOf is the same for the same phone and number, whatever the seed.
func userIDOf(phoneNumberID, phone string) string {
	country := "XX"
	for _, c := range []struct{ prefix, code string }{
		{"254", "KE"}, {"255", "TZ"}, {"971", "AE"}, {"44", "GB"}, {"45", "DK"}, {"46", "SE"}, {"49", "DE"}, {"1", "US"},
	} {
		if strings.HasPrefix(phone, c.prefix) {
			country = c.code
			break
		}
	}
	sum := sha256.Sum256([]byte(phoneNumberID + "|" + phone))
	digits := make([]byte, 20)
	for i := range digits {
		digits[i] = '0' + sum[i]%10
	}
	return country + "." + string(digits)
}

// maxPeople bounds whom the simulator remembers.
const maxPeople = 10_000

// people remembers who wrote to which number, so that statuses name them as Meta does.
// A forgotten one is named after their number.
type people struct {
	mu    sync.Mutex
	known map[[2]string]Customer
}

func (p *people) remember(phoneNumberID string, c Customer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= maxPeople {
		p.known = map[[2]string]Customer{}
	}
	for _, id := range []string{c.ID, c.UserID} {
		if id != "" {
			p.known[[2]string{phoneNumberID, id}] = c
		}
	}
}

// find takes a phone number in digits or a user id.
func (p *people) find(phoneNumberID, id string) Customer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.known[[2]string{phoneNumberID, id}]; ok {
		return c
	}
	name := "Customer " + id[max(0, len(id)-4):]
	if strings.Contains(id, ".") {
		return Customer{Name: name, UserID: id}
	}
	return Customer{Name: name, ID: id, UserID: userIDOf(phoneNumberID, id)}
}

func (p *people) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = nil
}
