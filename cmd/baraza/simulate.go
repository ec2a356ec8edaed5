package main

import (
	"fmt"

	"baraza/integrations/meta/simulator"
	"baraza/tenancy"
)

type simulateCommand struct {
	Port     string `default:"127.0.0.1:8090" help:"Loopback address of the Graph API and the control plane."`
	Callback string `default:"http://127.0.0.1:8080/webhooks/meta" help:"Where webhooks go; on loopback."`
	Seed     uint64 `help:"Decides every id. 0 chooses one."`
}

// Run plays Meta for servers whose BARAZA_SIMULATOR names this address. It needs the
// same master key as they.
func (s simulateCommand) Run(c *Config, e environmentOf) error {
	log, err := logger(c, e.stdout)
	if err != nil {
		return err
	}
	path := c.MasterKeyFile
	if path == "" {
		path = masterPath(c)
	}
	master, err := tenancy.ReadMaster(path)
	if err != nil {
		return err
	}
	server, err := simulator.New(simulator.Config{
		Listen: s.Port, CallbackURL: s.Callback, AppSecret: simulatorSecret(master), Seed: s.Seed, Profile: simulator.DemoProfile(), Log: log,
	})
	if err != nil {
		return err
	}
	if err := server.Listen(); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "simulator on %s\n", server.URL())
	return server.Run(e.ctx)
}
