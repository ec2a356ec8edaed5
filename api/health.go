package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"baraza/domain"

	"github.com/go-json-experiment/json"
	"go.uber.org/zap"
)

const (
	checkTimeout = 200 * time.Millisecond
	// checkedFor spares the dependencies: anybody may ask, as often as they like.
	checkedFor = 500 * time.Millisecond
)

// Check asks one dependency. It must end when its context does.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// Health is the answer of /readyz.
type Health struct {
	Status string                 `json:"status"`
	Checks map[string]CheckResult `json:"checks"`
}

// CheckResult names the failing part in words for people, never in a dependency's own.
type CheckResult struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// readiness remembers the last answers for a moment.
type readiness struct {
	mu      sync.Mutex
	at      time.Time
	results map[string]CheckResult
}

func (s *Server) livez(w http.ResponseWriter, _ *http.Request) error {
	return s.writeHealth(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) error {
	health := s.health(r.Context())
	return s.writeHealth(w, healthStatus(health), health)
}

// trackerHealth is readyz for customers' pages: the verdict without the parts.
func (s *Server) trackerHealth(w http.ResponseWriter, r *http.Request) error {
	health := s.health(r.Context())
	return s.writeHealth(w, healthStatus(health), map[string]string{"status": health.Status})
}

func healthStatus(h Health) int {
	if h.Status == "ok" {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

func (s *Server) writeHealth(w http.ResponseWriter, status int, answer any) error {
	body, err := json.Marshal(answer, s.wire)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		return errors.Join(context.Canceled, err) // the client left
	}
	return nil
}

func (s *Server) health(ctx context.Context) Health {
	health := Health{Status: "ok", Checks: s.checked(ctx)}
	draining := CheckResult{OK: !s.draining.Load(), Detail: "serving"}
	if !draining.OK {
		draining.Detail = "stopping"
	}
	health.Checks["draining"] = draining
	for _, result := range health.Checks {
		if !result.OK {
			health.Status = "unavailable"
		}
	}
	return health
}

// checked runs all checks at once, or returns what it found a moment ago.
func (s *Server) checked(ctx context.Context) map[string]CheckResult {
	s.ready.mu.Lock()
	defer s.ready.mu.Unlock()
	if s.ready.results == nil || time.Since(s.ready.at) > checkedFor {
		s.ready.results = s.runChecks(context.WithoutCancel(ctx)) // one who hangs up does not fail it for the others
		s.ready.at = time.Now()
	}
	results := make(map[string]CheckResult, len(s.ready.results)+1)
	for name, result := range s.ready.results {
		results[name] = result
	}
	return results
}

func (s *Server) runChecks(ctx context.Context) map[string]CheckResult {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	found := make([]CheckResult, len(s.config.Checks))
	var all sync.WaitGroup
	for i, check := range s.config.Checks {
		all.Go(func() {
			err := check.Run(ctx)
			found[i] = resultOf(err)
			if err != nil {
				s.log.Warn("check failed", zap.String("check", check.Name), zap.Error(err))
			}
		})
	}
	all.Wait()
	results := make(map[string]CheckResult, len(found))
	for i, check := range s.config.Checks {
		results[check.Name] = found[i]
	}
	return results
}

func resultOf(err error) CheckResult {
	var e *domain.Error
	switch {
	case err == nil:
		return CheckResult{true, "ok"}
	case errors.As(err, &e):
		return CheckResult{false, e.Detail}
	case errors.Is(err, context.DeadlineExceeded):
		return CheckResult{false, "no answer within " + checkTimeout.String()}
	default:
		return CheckResult{false, "failed"}
	}
}
