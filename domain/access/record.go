package access

import (
	"context"

	"github.com/google/uuid"

	"baraza/db"
	"baraza/domain/audit"
)

// record keeps an act of a session's in the log of its tenant, if it is in one.
func record(ctx context.Context, tx *db.PlatformTx, tenantID uuid.UUID, act audit.Act) error {
	if tenantID == uuid.Nil {
		return nil
	}
	return audit.RecordFor(ctx, tx, tenantID, act)
}

// recordPerson keeps what a person did to their account in the logs of all tenants they
// are active in: each of them trusts it.
func recordPerson(ctx context.Context, tx *db.PlatformTx, userID uuid.UUID, action audit.Action) error {
	all, err := listPlaces(ctx, tx, userID)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Status != "active" {
			continue
		}
		if err := record(ctx, tx, one.Tenant.ID, audit.Act{Action: action, ObjectID: userID, Actor: userID}); err != nil {
			return err
		}
	}
	return nil
}
