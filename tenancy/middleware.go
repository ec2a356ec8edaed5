package tenancy

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Middleware puts the caller's scope into the request's context. It looks nothing
// up itself: authenticate turns the request's credential into a scope, and returns a
// zero Scope and no error when there is none (the route decides whether that will
// do). An error ends the request.
func Middleware(authenticate func(*http.Request) (Scope, error)) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			scope, err := authenticate(c.Request())
			if err != nil {
				return err
			}
			r := c.Request()
			c.SetRequest(r.WithContext(With(r.Context(), scope)))
			return next(c)
		}
	}
}
