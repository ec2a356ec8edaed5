package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"baraza/api"
	"baraza/integrations/mail"
	"baraza/tenancy"
)

// Config is all that can be set, by flag or environment; flags win. Every member
// named in a `variable` tag is documented in .env.example, made from here.
type Config struct {
	Listen  string `variable:"BARAZA_LISTEN" default:"127.0.0.1:8080" help:"Address and port the server listens on."`
	BaseURL string `variable:"BARAZA_BASE_URL" help:"Where people reach the server, such as https://chat.example.org. Empty leaves it to the platform settings, which begin with http:// and the listen address."`
	Data    string `variable:"BARAZA_DATA" default:"./data" help:"Folder for the embedded engines, keys and files."`
	Mode    string `variable:"BARAZA_MODE" enum:",saas,whitelabel" default:"" help:"saas: sign-up makes a workspace each time. whitelabel: sign-up works until the first workspace exists. Empty leaves it to the platform settings, which begin with saas."`

	DatabaseURL         tenancy.Secret `variable:"DATABASE_URL" help:"PostgreSQL as role baraza_app. Empty runs an embedded server. A transaction-pooling proxy in front is not supported."`
	PlatformDatabaseURL tenancy.Secret `variable:"BARAZA_PLATFORM_DATABASE_URL" help:"The same database as role baraza_platform."`
	MigrateDatabaseURL  tenancy.Secret `variable:"BARAZA_MIGRATE_DATABASE_URL" help:"The same database as role baraza_migrate, for baraza migrate."`
	PGBin               string         `variable:"BARAZA_PG_BIN" help:"Folder with postgres and initdb for the embedded server. Defaults to the first of PATH, /usr/lib/postgresql and node_modules."`
	NATSURL             tenancy.Secret `variable:"NATS_URL" help:"NATS with JetStream. Empty runs it inside the process. Its file store must sync always."`

	MasterKeyFile string `variable:"BARAZA_MASTER_KEY_FILE" help:"Key that wraps every workspace's key, mode 0400. With embedded engines made once in the data folder; otherwise baraza key makes one."`

	MetaAppID       string         `variable:"BARAZA_META_APP_ID" help:"Meta app of this installation."`
	MetaAppSecret   tenancy.Secret `variable:"BARAZA_META_APP_SECRET" help:"Its secret, which signs webhooks; two with a comma during rotation."`
	MetaVerifyToken tenancy.Secret `variable:"BARAZA_META_VERIFY_TOKEN" help:"What Meta says when it verifies the webhook address."`
	MetaGraphURL    string         `variable:"BARAZA_META_GRAPH_URL" default:"https://graph.facebook.com" help:"Graph API. Another value is accepted for loopback only, without an https base URL."`
	Simulator       string         `variable:"BARAZA_SIMULATOR" default:"auto" help:"on, off, auto (on unless the base URL is https), or the loopback URL of a baraza simulate process."`

	SMTPURL  tenancy.Secret `variable:"BARAZA_SMTP_URL" help:"Mail server: smtps://user:password@host:465, smtp://user:password@host:587 (insists on STARTTLS), or smtp+plain://host:25 for a relay of your own. Empty keeps mail in the mailbox: baraza mailbox."`
	MailFrom string         `variable:"BARAZA_MAIL_FROM" default:"Baraza <no-reply@localhost>" help:"Whom mail is from. Its domain should be one the mail server may send for."`

	Roles          []string       `variable:"BARAZA_ROLES" default:"api,realtime,worker,collect" enum:"api,realtime,worker,collect" help:"What this process does."`
	LogLevel       string         `variable:"BARAZA_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"debug, info, warn or error."`
	TrustedProxies []string       `variable:"BARAZA_TRUSTED_PROXIES" help:"Addresses or networks whose X-Forwarded-For is believed."`
	CORSOrigins    []string       `variable:"BARAZA_CORS_ORIGINS" help:"Other origins whose pages may call the API with credentials."`
	RateLimits     []string       `variable:"BARAZA_RATE_LIMITS" default:"user=3000:600,tenant=30000:6000,address=1200:300,register=60:60" help:"Requests a minute and at once, of each process: per person or key, per workspace, per address of who is not signed in, and sign-ups per address. What is left out keeps its default, 0 has no limit, off is none at all."`
	VerifyTenancy  int            `variable:"BARAZA_VERIFY_TENANCY" default:"1000" help:"A connection's tenant is read back on one in so many acquires; 1 is always."`
	ScrapeToken    tenancy.Secret `variable:"BARAZA_SCRAPE_TOKEN" help:"Bearer token for /metrics from other machines."`

	// addressed says that BaseURL was given and does not only follow from Listen.
	addressed bool
	// simulatorAuto says that Simulator follows from BaseURL.
	simulatorAuto bool
}

// variable is one member of Config as the environment knows it.
type variable struct {
	name, value, help string
	index             int
	secret            bool
}

// variables lists Config's members in order, with their defaults.
func variables() []variable {
	t := reflect.TypeFor[Config]()
	list := make([]variable, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		list = append(list, variable{f.Tag.Get("variable"), f.Tag.Get("default"), f.Tag.Get("help"), i, f.Type == reflect.TypeFor[tenancy.Secret]()})
	}
	return list
}

// environment reads the variables of Config; a secret may also come from the file
// named by NAME_FILE. An unknown BARAZA_ variable is an error: a typo must not pass
// for a default.
func environment(environ []string) (map[string]string, error) {
	values := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		values[name] = value
	}
	known := map[string]string{}
	names := map[string]bool{"BARAZA_TEST_POSTGRES": true, "BARAZA_TEST_CHROMIUM": true}
	for _, v := range variables() {
		names[v.name] = true
		if value, ok := values[v.name]; ok {
			known[v.name] = value
		}
		if !v.secret {
			continue
		}
		names[v.name+"_FILE"] = true
		path, ok := values[v.name+"_FILE"]
		if !ok || path == "" {
			continue
		}
		if known[v.name] != "" {
			return nil, fmt.Errorf("%s and %s_FILE are both set", v.name, v.name)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE cannot be read: %w", v.name, err)
		}
		known[v.name] = strings.TrimSpace(string(text))
	}
	for name := range values {
		if strings.HasPrefix(name, "BARAZA_") && !names[name] {
			return nil, fmt.Errorf("unknown variable %s", name)
		}
	}
	return known, nil
}

// resolver gives kong the environment.
func resolver(known map[string]string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value, ok := known[flag.Tag.Get("variable")]; ok && value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// complete fills in what follows from other members and refuses what does not fit.
func (c *Config) complete() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("BARAZA_LISTEN %q is not host:port", c.Listen)
	}
	c.addressed = c.addressed || c.BaseURL != ""
	if c.BaseURL == "" {
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		c.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return fmt.Errorf("BARAZA_BASE_URL %q is not an http or https address", c.BaseURL)
	}
	if c.MetaGraphURL != "https://graph.facebook.com" {
		graph, err := url.Parse(c.MetaGraphURL)
		if err != nil || !loopback(graph.Hostname()) || base.Scheme == "https" {
			return fmt.Errorf("BARAZA_META_GRAPH_URL may only name a loopback address, and only without an https base URL")
		}
	}
	if err := c.checkSimulator(base); err != nil {
		return err
	}
	if (c.DatabaseURL == "") != (c.PlatformDatabaseURL == "") {
		return fmt.Errorf("DATABASE_URL and BARAZA_PLATFORM_DATABASE_URL go together")
	}
	if !c.embedded() && c.MasterKeyFile == "" {
		return fmt.Errorf("BARAZA_MASTER_KEY_FILE is needed with a database of its own; `baraza key FILE` makes one")
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if _, err := c.limits(); err != nil {
		return err
	}
	for _, origin := range c.CORSOrigins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || strings.ContainsRune(origin, '*') {
			return fmt.Errorf("BARAZA_CORS_ORIGINS: %q is not an origin", origin)
		}
	}
	if c.SMTPURL != "" {
		if _, err := mail.NewSMTP(c.SMTPURL, c.MailFrom); err != nil {
			return fmt.Errorf("BARAZA_SMTP_URL, BARAZA_MAIL_FROM: %w", err)
		}
	}
	return c.checkSecrets(base)
}

func (c *Config) checkSimulator(base *url.URL) error {
	switch c.Simulator {
	case "on", "off":
	case "auto":
		c.Simulator, c.simulatorAuto = "on", true
		if base.Scheme == "https" {
			c.Simulator = "off"
		}
	default:
		u, err := url.Parse(c.Simulator)
		if err != nil || u.Scheme != "http" || !loopback(u.Hostname()) {
			return fmt.Errorf("BARAZA_SIMULATOR is on, off, auto or an http address on loopback")
		}
	}
	return nil
}

// known secrets are those of examples and fixtures: they must guard nothing real.
var knownSecrets = []string{"changeme", "secret", "password", "example", "fixture_app_secret_9d2f41c7", "fixture-verify-token-4e81"}

// checkSecrets refuses short and known secrets. A development server, which people
// reach without https, may use the known ones.
func (c *Config) checkSecrets(base *url.URL) error {
	for _, s := range []struct {
		name  string
		value tenancy.Secret
	}{{"BARAZA_META_APP_SECRET", c.MetaAppSecret}, {"BARAZA_META_VERIFY_TOKEN", c.MetaVerifyToken}, {"BARAZA_SCRAPE_TOKEN", c.ScrapeToken}} {
		if s.value == "" {
			continue
		}
		for _, part := range strings.Split(s.value.Reveal(), ",") {
			if len(strings.TrimSpace(part)) < 16 {
				return fmt.Errorf("%s is shorter than 16 characters", s.name)
			}
			if base.Scheme == "https" && slices.Contains(knownSecrets, strings.TrimSpace(part)) {
				return fmt.Errorf("%s is a published example", s.name)
			}
		}
	}
	return nil
}

func (c *Config) embedded() bool { return c.DatabaseURL == "" }

func (c *Config) plays(role string) bool { return slices.Contains(c.Roles, role) }

func (c *Config) appSecrets() []string {
	var list []string
	for _, s := range strings.Split(c.MetaAppSecret.Reveal(), ",") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	list := make([]netip.Prefix, 0, len(c.TrustedProxies))
	for _, text := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, failed := netip.ParseAddr(text)
			if failed != nil {
				return nil, fmt.Errorf("BARAZA_TRUSTED_PROXIES: %q is no address or network", text)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		if prefix.Bits() == 0 {
			return nil, fmt.Errorf("BARAZA_TRUSTED_PROXIES: %q trusts everybody", text)
		}
		list = append(list, prefix)
	}
	return list, nil
}

// limits reads BARAZA_RATE_LIMITS over its default.
func (c *Config) limits() (api.Limits, error) {
	if slices.Equal(c.RateLimits, []string{"off"}) {
		return api.Limits{}, nil
	}
	field, _ := reflect.TypeFor[Config]().FieldByName("RateLimits")
	limits := api.Limits{}
	for _, text := range slices.Concat(strings.Split(field.Tag.Get("default"), ","), c.RateLimits) {
		name, rate, err := parseRate(text)
		if err != nil {
			return nil, fmt.Errorf("BARAZA_RATE_LIMITS: %w", err)
		}
		limits[name] = rate
	}
	return limits, nil
}

// parseRate reads user=3000:600. Without the number at once it is that of a minute.
func parseRate(text string) (string, api.Rate, error) {
	name, numbers, ok := strings.Cut(strings.TrimSpace(text), "=")
	perMinute, atOnce, both := strings.Cut(numbers, ":")
	if !both {
		atOnce = perMinute
	}
	minute, err := strconv.Atoi(perMinute)
	burst, err2 := strconv.Atoi(atOnce)
	if !ok || err != nil || err2 != nil || minute < 0 || burst < 0 || (minute == 0) != (burst == 0) {
		return "", api.Rate{}, fmt.Errorf("%q is not name=requests a minute:requests at once", text)
	}
	return name, api.Rate{PerMinute: minute, Burst: burst}, nil
}

// masked is the configuration as it is printed at start.
func (c *Config) masked() map[string]any {
	v := reflect.ValueOf(*c)
	shown := map[string]any{}
	for _, variable := range variables() {
		value := v.Field(variable.index).Interface()
		if s, ok := value.(tenancy.Secret); ok {
			value = s.String()
		}
		shown[strings.ToLower(variable.name)] = value
	}
	return shown
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// envExample is .env.example: every variable with its purpose and default.
func envExample() string {
	var b strings.Builder
	b.WriteString("# Every variable of Baraza with its default. All are optional. A secret may also be given as NAME_FILE, the path of a\n" +
		"# file that holds it. An unknown BARAZA_ variable is an error. Made by `baraza config --example`.\n")
	for _, v := range variables() {
		fmt.Fprintf(&b, "\n# %s\n#%s=%s\n", v.help, v.name, v.value)
	}
	return b.String()
}
