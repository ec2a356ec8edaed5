package api

import (
	"crypto/subtle"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraza/domain"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are rate, errors and duration per route. No tenant is a label.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "baraza_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "baraza_http_request_seconds", Help: "Time to the end of the answer, streams left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "baraza_http_in_flight", Help: "Requests being worked on, streams included.",
		}),
	}
	for _, collector := range []prometheus.Collector{m.requests, m.seconds, m.inFlight} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) observe(c echo.Context, took time.Duration) {
	method, route := c.Request().Method, pattern(c)
	if !slices.Contains(methods, method) {
		method = "other" // anybody may send any word here
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(c.Response().Status)).Inc()
	if c.Get(streamKey) == nil {
		m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
	}
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// scrape answers /metrics: to this machine, unless a proxy on it forwards for somebody
// else, or to whoever holds the scrape token.
func (s *Server) scrape(w http.ResponseWriter, r *http.Request) error {
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	want := s.config.ScrapeToken.Reveal()
	holder := want != "" && subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
	if !holder && !local(r) {
		return domain.ErrUnauthenticated
	}
	promhttp.HandlerFor(s.config.Metrics, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	return nil
}

func local(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	return err == nil && peer.Addr().Unmap().IsLoopback() && !forwarded
}
