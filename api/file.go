package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"reflect"

	"baraza/tenancy"

	"github.com/labstack/echo/v4"
)

// FileResult is an answer that is saved as a file. It may be written while it is read:
// an error on the way cuts the answer, so that half a file passes for none.
type FileResult interface {
	File() (name, contentType string, write func(io.Writer) error)
}

// download makes a use case whose result is a file an endpoint.
func download[In any, Out FileResult](r *Routes, path string, need tenancy.Permission, do func(context.Context, In) (Out, error), options ...Option) {
	r.add(&Route{
		Method: http.MethodGet, Path: path, Need: need, Status: http.StatusOK, Kind: File,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](),
		serve: func(s *Server, route *Route, c echo.Context) error {
			out, err := call(s, route, c, do)
			if err != nil {
				return err
			}
			name, contentType, write := out.File()
			header := c.Response().Header()
			header.Set(echo.HeaderContentType, contentType)
			header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
			err = write(c.Response())
			if err != nil && !c.Response().Committed {
				header.Del(echo.HeaderContentType) // the answer is a problem now
				header.Del(echo.HeaderContentDisposition)
			}
			return err
		},
	}, options)
}
