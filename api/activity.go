package api

import (
	"net/http"
	"strings"
	"time"

	"baraza/domain/activity"
	"baraza/tenancy"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"go.uber.org/zap"
)

// doing is what a route's success counts as. It follows from the route's shape, so that
// none can be forgotten: files are exports, writes below the settings change settings.
func (r *Route) doing() activity.Type {
	switch {
	case r.Kind == File:
		return activity.Export
	case r.Method == http.MethodGet:
		return ""
	case strings.HasPrefix(r.Path, "/api/settings/"), strings.HasPrefix(r.Path, "/api/tenants/current"):
		return activity.SettingsChange
	}
	return ""
}

// tellActivity never fails a request that has succeeded. Activity is people's: what a
// program does with a key is none.
func (s *Server) tellActivity(route *Route, c echo.Context, took time.Duration) {
	kind := route.doing()
	if kind == "" || s.config.Activity == nil || c.Response().Status >= http.StatusMultipleChoices {
		return
	}
	r := c.Request()
	if tenancy.From(r.Context()).UserID == uuid.Nil {
		return
	}
	if err := s.config.Activity(r.Context(), activity.Doing{Type: kind, Path: route.Path, Duration: took}); err != nil {
		s.log.Warn("activity is not recorded", zap.String("request_id", requestID(r)), zap.Error(err))
	}
}
