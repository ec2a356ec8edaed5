package main

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"baraza/api"
	"baraza/bus"
	"baraza/db"
	"baraza/domain"
	"baraza/domain/access"
	"baraza/domain/activity"
	"baraza/domain/attempts"
	"baraza/domain/audit"
	"baraza/domain/channels"
	"baraza/domain/chat"
	"baraza/domain/factors"
	"baraza/domain/idempotency"
	"baraza/domain/keys"
	"baraza/domain/mail"
	"baraza/domain/passwords"
	"baraza/domain/people"
	"baraza/domain/platform"
	"baraza/domain/usage"
	"baraza/integrations/meta"
	"baraza/integrations/meta/simulator"
	"baraza/jobs"
	"baraza/realtime"
	"baraza/tenancy"
	"baraza/web"
)

// Signals between instances.
const (
	signalRevoked  = bus.Revoked
	signalChannels = bus.ChannelsChanged
	signalKeys     = bus.KeysChanged
)

// app is the product put together, before anything runs.
type app struct {
	config   *Config
	log      *zap.Logger
	engines  *engines
	registry *prometheus.Registry

	tenant   *db.Tenant
	platform *db.Platform
	hasher   *passwords.Hasher
	post     *mail.Post
	chain    *audit.Sequencer
	codes    *access.Codes

	rights      *access.Rights
	revocations *access.Revocations
	ring        *keys.Ring
	idempotency *idempotency.Store
	services    api.Services
	routes      *channels.Routes
	hub         *realtime.Hub
	inbound     *inbound
	runner      *jobs.Runner
	real, play  *meta.Client
}

// newApp wires every part to the parts it uses. graph is where the simulator's Graph
// API is, "" without one.
func newApp(ctx context.Context, c *Config, log *zap.Logger, e *engines, graph string) (a *app, err error) {
	a = &app{config: c, log: log, engines: e, registry: prometheus.NewRegistry()}
	publisher := realtime.NewPublisher(e.bus, log.Named("realtime"))
	if a.tenant, err = db.OpenTenant(ctx, db.TenantConfig{URL: e.app, VerifyEvery: c.VerifyTenancy, OnCommit: publisher.OnCommit}); err != nil {
		return nil, err
	}
	if a.platform, err = db.OpenPlatform(ctx, e.platform, 0, nil); err != nil {
		return nil, err
	}
	cursors, err := tenancy.NewCursors(e.master.Derive("cursors"))
	if err != nil {
		return nil, err
	}
	if err := a.newAccess(ctx, cursors); err != nil {
		return nil, err
	}
	a.newKeys(cursors)
	a.idempotency, err = idempotency.NewStore(a.tenant, a.platform, e.master.Derive("idempotency"), log.Named("idempotency"))
	if err != nil {
		return nil, err
	}
	a.newChannels(cursors, graph)
	conversations := &chat.Conversations{DB: a.tenant, Cursors: cursors, Horizon: a.horizon}
	messages := &chat.Messages{DB: a.tenant, Horizon: a.horizon}
	a.services.Conversations, a.services.Messages = conversations, messages
	if err := a.newWorkers(); err != nil {
		return nil, err
	}
	if err := a.newInbound(); err != nil {
		return nil, err
	}
	frames := &chat.Frames{DB: a.tenant}
	a.hub, err = realtime.New(realtime.Config{
		Name: instanceName(), Bus: e.bus, Tenant: a.tenant, Platform: a.platform, Publisher: publisher, Log: log.Named("realtime"),
		Origins: a.origins(), Authenticate: a.authenticatePerson, TakeTicket: a.services.Tickets.Take, Renew: a.renew,
		Visible: conversations.Visible, Load: frames.Load, Markers: conversations.Markers,
		Counts: func(ctx context.Context) (json.RawMessage, error) {
			counts, err := conversations.Counts(ctx, domain.None{})
			if err != nil {
				return nil, err
			}
			return jsonv2.Marshal(counts)
		},
	})
	a.services.Socket = a.hub.Serve
	return a, err
}

// newHasher hashes passwords in children of this program.
func newHasher() (*passwords.Hasher, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find our own program: %w", err)
	}
	return passwords.NewHasher(executable), nil
}

func (a *app) newAccess(ctx context.Context, cursors *tenancy.Cursors) error {
	var err error
	if a.hasher, err = newHasher(); err != nil {
		return err
	}
	tokens := &access.Tokens{DB: a.platform, Master: a.engines.master, BaseURL: a.config.BaseURL}
	if err := tokens.Load(ctx); err != nil {
		return err
	}
	a.rights = &access.Rights{DB: a.platform, Tokens: tokens}
	a.revocations = &access.Revocations{
		DB: a.platform, Rights: a.rights, Log: a.log.Named("access"), OnRevoke: a.tellRevoked,
		Revoked: func(r access.Revocation) { a.hub.Revoke(r) },
	}
	if a.post, err = a.newPost(); err != nil {
		return err
	}
	a.codes = &access.Codes{DB: a.platform, Master: a.engines.master, Post: a.post, BaseURL: a.config.BaseURL}
	counter := &attempts.Counter{DB: a.platform}
	gate := &access.Gate{
		DB: a.platform, Hasher: a.hasher, Counter: counter, Codes: a.codes,
		Factors: &factors.Factors{Master: a.engines.master, Issuer: "Baraza"},
	}
	sessions := &access.Sessions{DB: a.platform, Tokens: tokens, Revocations: a.revocations}
	a.services.Sessions = sessions
	a.services.Installation = &platform.Installation{
		DB: a.platform, Post: a.post, Mode: a.config.Mode, BaseURL: a.config.BaseURL, BaseURLFixed: a.config.addressed,
		MailServer: a.config.SMTPURL != "", MailFrom: a.config.MailFrom,
	}
	a.services.Accounts = &access.Accounts{
		DB: a.platform, Sessions: sessions, Hasher: a.hasher, Gate: gate, Master: a.engines.master, Mode: a.services.Installation.SignupMode}
	a.services.Setup = &platform.Setup{
		DB: a.platform, Accounts: a.services.Accounts, Installation: a.services.Installation, Counter: counter, Run: a.setupChecks,
	}
	a.services.Passwords = &access.Passwords{DB: a.platform, Gate: gate, Sessions: sessions}
	a.services.Emails = &access.Emails{DB: a.platform, Counter: counter, Codes: a.codes}
	a.services.TwoFactor = &access.TwoFactor{DB: a.platform, Gate: gate, Revocations: a.revocations}
	a.services.Security = &access.Security{Tenant: a.tenant, Platform: a.platform, Revocations: a.revocations}
	key := auditKey(a.engines.master)
	a.chain = &audit.Sequencer{DB: a.platform, Key: key, Log: a.log.Named("audit")}
	a.services.Activities = &activity.Activities{DB: a.tenant}
	a.services.Audit = &audit.Log{DB: a.tenant, Cursors: cursors, Key: key.Public().(ed25519.PublicKey)} //nolint:forcetypeassert // as documented
	a.services.Members = &people.Members{
		DB: a.tenant, Accounts: &access.Members{Tenant: a.tenant, Platform: a.platform, Hasher: a.hasher}, Sessions: sessions,
		TwoFactor: a.services.TwoFactor, Revocations: a.revocations, Cursors: cursors}
	a.services.Roles = &people.Roles{DB: a.tenant, Revocations: a.revocations, Cursors: cursors}
	a.services.Invitations = &people.Invitations{
		DB: a.tenant, Platform: a.platform, Post: a.post, Cursors: cursors, Master: a.engines.master, BaseURL: a.config.BaseURL,
		Newcomers: &access.Newcomers{Platform: a.platform, Sessions: sessions, Hasher: a.hasher, Codes: a.codes},
	}
	a.services.Tenants = &people.Tenants{DB: a.platform}
	a.services.Appearances = &people.Appearances{DB: a.tenant}
	a.services.Usage = &usage.Usage{DB: a.tenant, Platform: a.platform}
	a.services.Teams = &people.Teams{DB: a.tenant, Revocations: a.revocations, Cursors: cursors}
	a.services.Tickets = &access.Tickets{DB: a.platform, Rights: a.rights}
	a.services.Config = a.publicConfig
	return nil
}

func (a *app) newKeys(cursors *tenancy.Cursors) {
	a.ring = &keys.Ring{DB: a.platform}
	a.services.Keys = &keys.Keys{
		DB: a.tenant, Cursors: cursors,
		Changed: func(id uuid.UUID) {
			a.ring.Drop(id)
			if err := a.engines.bus.PublishSignal(signalKeys, id[:]); err != nil {
				a.log.Warn("other instances were not told of a key; they read it within seconds", zap.Error(err))
			}
		},
	}
}

func (a *app) newChannels(cursors *tenancy.Cursors, graph string) {
	a.real = meta.NewClient(meta.ClientConfig{BaseURL: a.config.MetaGraphURL})
	a.routes = &channels.Routes{Platform: a.platform}
	a.services.Channels = &channels.Channels{
		DB: a.tenant, Cursors: cursors, Keys: a.keys(), Connectors: map[string]channels.Connector{channels.WhatsApp: a.real},
		WebhookURL: a.config.BaseURL + "/webhooks/meta",
		Changed: func(context.Context) {
			a.routes.Forget()
			if err := a.engines.bus.PublishSignal(signalChannels, nil); err != nil {
				a.log.Warn("other instances were not told of a channel", zap.Error(err))
			}
		},
	}
	if graph != "" {
		a.play = meta.NewClient(meta.ClientConfig{BaseURL: graph})
		secret := a.simulatorSecret()
		a.services.Channels.Simulator = &channels.Simulator{
			Token: func(number string) string { return simulator.Token(secret, number) },
			Play:  simulator.NewClient(graph).Play,
		}
	}
}

func (a *app) keys() *tenancy.Keys {
	return &tenancy.Keys{Master: a.engines.master, Wrapped: (&access.TenantKeys{DB: a.tenant}).Wrapped}
}

// simulatorSecret signs the simulator's webhooks: the same on every instance and in
// `baraza simulate`, all of which have the master key.
func (a *app) simulatorSecret() string { return simulatorSecret(a.engines.master) }

func simulatorSecret(m tenancy.Master) string { return hex.EncodeToString(m.Derive("simulator")) }

func (a *app) newWorkers() (err error) {
	workers := jobs.NewWorkers(a.log.Named("jobs"))
	dispatcher := &channels.Dispatcher{DB: a.tenant, Keys: a.keys(), Real: map[string]channels.Connector{channels.WhatsApp: a.real}}
	if a.play != nil {
		dispatcher.Simulated = map[string]channels.Connector{channels.WhatsApp: a.play}
	}
	jobs.On(workers, (&chat.Outbox{DB: a.tenant, Channels: dispatcher}).Drain)
	jobs.On(workers, a.codes.Mail)
	jobs.On(workers, a.codes.Notify)
	jobs.On(workers, a.services.Accounts.RecordRefusal)
	jobs.On(workers, a.services.Invitations.Mail)
	jobs.On(workers, a.services.Invitations.MailReminder)
	a.runner, err = jobs.NewRunner(a.platform, workers)
	return err
}

func (a *app) newInbound() error {
	counts, err := newInboundCounts(a.registry)
	if err != nil {
		return err
	}
	a.inbound = &inbound{
		bus: a.engines.bus, platform: a.platform, routes: a.routes, log: a.log.Named("inbound"), counts: counts,
		receiver: &chat.Receiver{DB: a.tenant, Numbers: &chat.Numbers{}},
	}
	metrics, err := meta.NewMetrics(a.registry)
	if err != nil {
		return err
	}
	hook := &meta.Webhook{
		VerifyToken: a.config.MetaVerifyToken.Reveal(), Secrets: a.config.appSecrets(), BaseURL: a.config.BaseURL, Metrics: metrics,
		Log: a.log.Named("webhook"),
		Publish: func(ctx context.Context, shard int, signer string, data []byte) error {
			return a.engines.bus.Publish(ctx, bus.Inbound, shard, map[string]string{headerSigner: signer}, data)
		},
	}
	if a.play != nil {
		hook.SimulatorSecret = a.simulatorSecret()
	}
	a.services.Webhook = hook
	return nil
}

// headerSigner says in a stream message whose secret signed its webhook.
const headerSigner = "Signer"

// server is the HTTP side of the app.
func (a *app) server() (*api.Server, error) {
	proxies, err := a.config.proxies()
	if err != nil {
		return nil, err
	}
	limits, err := a.config.limits()
	if err != nil {
		return nil, err
	}
	c := api.Config{
		Limits: limits, Idempotency: a.idempotency,
		BaseURL: a.config.BaseURL, Origins: a.config.CORSOrigins, TrustedProxies: proxies, ScrapeToken: a.config.ScrapeToken,
		Authenticate: a.authenticate, Activity: a.services.Activities.Record, App: web.Dist(), Checks: a.checks(), Drain: func(ctx context.Context) { a.hub.Drain(ctx, a.drainOver()) }, Log: a.log.Named("api"), Metrics: a.registry,
	}
	if !a.behindBalancer() {
		c.DrainDelay = time.Millisecond // nobody has to notice first
	}
	return api.New(c, api.All(a.services))
}

// drainOver is how long sockets are spread over at the end, so that they do not all
// come back at once; alone on a desk nobody is spared by it.
func (a *app) drainOver() time.Duration {
	if a.behindBalancer() {
		return 10 * time.Second
	}
	return 100 * time.Millisecond
}

func (a *app) behindBalancer() bool {
	return len(a.config.TrustedProxies) > 0 || strings.HasPrefix(a.config.BaseURL, "https:")
}

// authenticate turns a bearer token, which a cookie has become by then, or an API key
// into a scope.
func (a *app) authenticate(r *http.Request) (tenancy.Scope, error) {
	token, ok := bearer(r)
	if !ok || !keys.Is(token) {
		return a.authenticatePerson(r)
	}
	client, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return tenancy.Scope{}, fmt.Errorf("read the client's address: %w", err)
	}
	return a.ring.Authenticate(r.Context(), token, client.Addr())
}

// authenticatePerson is authenticate for what people alone do. A key is no token of
// theirs.
func (a *app) authenticatePerson(r *http.Request) (tenancy.Scope, error) {
	token, ok := bearer(r)
	if !ok {
		return tenancy.Scope{}, nil
	}
	return a.rights.Authenticate(r.Context(), token)
}

func bearer(r *http.Request) (string, bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// renew reads a socket's rights again, past the cache, and when its session ends.
func (a *app) renew(ctx context.Context) (tenancy.Scope, time.Time, error) {
	scope := tenancy.From(ctx)
	renewed, err := a.rights.Read(ctx, scope.SessionID, scope.TenantID)
	if err != nil {
		return tenancy.Scope{}, time.Time{}, err
	}
	ends, err := a.services.Sessions.EndsAt(ctx)
	return renewed, ends, err
}

// horizon is the caller's place in the changes, as the hub last saw them.
func (a *app) horizon(ctx context.Context) string { return a.hub.Cursor(ctx) }

func (a *app) tellRevoked(r access.Revocation) {
	data, err := json.Marshal(r)
	if err == nil {
		err = a.engines.bus.PublishSignal(signalRevoked, data)
	}
	if err != nil {
		a.log.Warn("other instances were not told of a revocation; they read it within a second", zap.Error(err))
	}
}

// listen takes the signals of other instances until stop is called.
func (a *app) listen() (stop func(), err error) {
	revoked, err := a.engines.bus.SubscribeSignal(signalRevoked, func(data []byte) {
		var r access.Revocation
		if err := json.Unmarshal(data, &r); err != nil {
			a.log.Warn("unreadable revocation", zap.Error(err))
			return
		}
		a.revocations.Drop(r)
	})
	if err != nil {
		return nil, err
	}
	changed, err := a.engines.bus.SubscribeSignal(signalChannels, func([]byte) { a.routes.Forget() })
	if err != nil {
		revoked()
		return nil, err
	}
	rekeyed, err := a.engines.bus.SubscribeSignal(signalKeys, func(data []byte) {
		id, err := uuid.FromBytes(data)
		if err != nil {
			a.log.Warn("unreadable signal of a key", zap.Error(err))
			return
		}
		a.ring.Drop(id)
	})
	if err != nil {
		revoked()
		changed()
		return nil, err
	}
	return func() { revoked(); changed(); rekeyed() }, nil
}

func (a *app) origins() []string {
	return append([]string{strings.ToLower(a.config.BaseURL)}, a.config.CORSOrigins...)
}

// checks decide whether this instance should get traffic.
func (a *app) checks() []api.Check {
	return []api.Check{
		{Name: "postgres", Run: a.platform.Ping},
		{Name: "streams", Run: a.engines.bus.Healthy},
		{Name: "tenancy", Run: func(context.Context) error {
			if n := a.tenant.Mismatches(); n > 0 {
				return fmt.Errorf("%d connections carried another tenant", n)
			}
			return nil
		}},
	}
}

func (a *app) publicConfig(ctx context.Context, _ domain.None) (api.PublicConfig, error) {
	open, err := a.services.Accounts.SignupOpen(ctx)
	if err != nil {
		return api.PublicConfig{}, err
	}
	settings, err := a.services.Installation.Get(ctx, domain.None{})
	if err != nil {
		return api.PublicConfig{}, err
	}
	empty, err := a.services.Setup.Empty(ctx)
	if err != nil {
		return api.PublicConfig{}, err
	}
	c := api.PublicConfig{Name: "Baraza", Mode: settings.Mode, SignupEnabled: open, SetupNeeded: empty, SimulatorEnabled: a.play != nil, Version: version()}
	if a.config.MetaAppID != "" {
		c.Meta.AppID = &a.config.MetaAppID
	}
	return c, nil
}

func (a *app) close() error {
	a.hasher.Close()
	a.real.Close()
	if a.play != nil {
		a.play.Close()
	}
	err := a.tenant.Close()
	if platformErr := a.platform.Close(); err == nil {
		err = platformErr
	}
	return err
}

// instanceName tells instances apart in hello frames and logs.
func instanceName() string {
	id := uuid.New()
	return hex.EncodeToString(id[:2])
}
