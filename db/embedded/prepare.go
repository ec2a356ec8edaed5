package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// prepareLock is the advisory lock of Prepare, "baraza" in ASCII: roles belong to
// the whole cluster, and two runs of roles.sql at once fail.
const prepareLock = 0x626172617a61

// Prepare creates the database if it is missing, runs roles.sql in it and gives
// the roles their passwords. It may be repeated, and parallel calls take turns as
// long as adminURL names the same database for all of them: a superuser's URL of
// the maintenance database, Server.AdminURL("postgres") for an embedded server.
func Prepare(ctx context.Context, adminURL, database, rolesSQL string, passwords map[string]string) (err error) {
	admin, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("connect to prepare the database: %w", err)
	}
	defer func() { err = errors.Join(err, closeConn(ctx, admin)) }()
	if _, err := admin.Exec(ctx, `select pg_advisory_lock($1)`, int64(prepareLock)); err != nil {
		return fmt.Errorf("wait for another process to prepare the database: %w", err)
	}
	if err := createDatabase(ctx, admin, database); err != nil {
		return err
	}
	config := admin.Config()
	config.Database = database
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to the new database: %w", err)
	}
	defer func() { err = errors.Join(err, closeConn(ctx, conn)) }()
	// Sent as one message, the file is one transaction.
	if _, err := conn.PgConn().Exec(ctx, rolesSQL).ReadAll(); err != nil {
		return fmt.Errorf("run roles.sql: %w", err)
	}
	for _, role := range slices.Sorted(maps.Keys(passwords)) {
		if err := setPassword(ctx, conn, role, passwords[role]); err != nil {
			return err
		}
	}
	return nil
}

func createDatabase(ctx context.Context, admin *pgx.Conn, database string) error {
	var exists bool
	if err := admin.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, database).Scan(&exists); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if exists {
		return nil
	}
	if _, err := admin.Exec(ctx, `create database `+pgx.Identifier{database}.Sanitize()+` encoding 'UTF8' template template0`); err != nil {
		return fmt.Errorf("create database %s: %w", database, err)
	}
	return nil
}

// setPassword sends the SCRAM verifier, so that no server log can hold the password.
func setPassword(ctx context.Context, conn *pgx.Conn, role, password string) error {
	verifier, err := scramVerifier(password)
	if err != nil {
		return fmt.Errorf("password of %s: %w", role, err)
	}
	if _, err := conn.Exec(ctx, `alter role `+pgx.Identifier{role}.Sanitize()+` password '`+verifier+`'`); err != nil {
		return fmt.Errorf("set the password of %s: %w", role, err)
	}
	return nil
}

// scramVerifier is what the server stores of a password (RFC 5803). Other than
// ASCII passwords would need SASLprep.
func scramVerifier(password string) (string, error) {
	for _, r := range password {
		if r < ' ' || r > '~' {
			return "", errors.New("only printable ASCII characters are accepted")
		}
	}
	const iterations = 4096
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := func(message string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(message))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, encode(salt), encode(stored[:]), encode(mac("Server Key"))), nil
}

// closeConn says goodbye even when the work was cut short; the session's advisory
// lock goes with it.
func closeConn(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return conn.Close(ctx)
}
