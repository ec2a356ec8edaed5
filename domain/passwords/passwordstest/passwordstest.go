// Package passwordstest lets a test program hash passwords as the product does: in
// children that are itself.
package passwordstest

import (
	"fmt"
	"os"
	"testing"

	"baraza/domain/passwords"
)

// Main is TestMain's body: it works as a hash worker where it was started as one, and runs
// the tests otherwise. It does not return.
func Main(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == passwords.WorkerArgument {
		if err := passwords.Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
