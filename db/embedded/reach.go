package embedded

import (
	"errors"
	"net/url"
	"path/filepath"
	"strconv"

	"go.uber.org/zap"
)

// Reach returns how a login role of roles.sql connects to a server that another process
// keeps in config.Dir. Commands use it beside a running program; it starts nothing, and
// says nothing about whether the server answers.
func Reach(config Config, role, database string) (string, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return "", err
	}
	if config.Logger == nil {
		config.Logger = zap.NewNop()
	}
	c, err := findCluster(dir, config)
	if err != nil {
		return "", err
	}
	passwords, err := c.loadPasswords(true)
	if err != nil {
		return "", err
	}
	port := c.lastPort()
	if port == 0 {
		return "", errors.New("the database is being made: try again in a moment")
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, passwords[role]), Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/" + database}
	return u.String(), nil
}
