package jobs

import (
	"context"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// newJobs is the topic on which a committed job is announced: all that is listened to.
const newJobs = "river_insert"

// driver is River's, deaf to everything but new jobs. Postgres lets every role NOTIFY on
// every channel: with River's own driver a forged word on the control channel pauses
// the queues of all tenants until the processes start again, and cancels jobs at work.
// A forged word about a new job has the queue looked into, which it is anyhow.
type driver struct{ *riverpgxv5.Driver }

func (d driver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return deaf{d.Driver.GetListener(params)}
}

type deaf struct{ riverdriver.Listener }

func (d deaf) Listen(ctx context.Context, topic string) error {
	if topic != newJobs {
		return nil
	}
	return d.Listener.Listen(ctx, topic)
}

func (d deaf) Unlisten(ctx context.Context, topic string) error {
	if topic != newJobs {
		return nil
	}
	return d.Listener.Unlisten(ctx, topic)
}
