//go:build unix && !linux

package embedded

import "syscall"

// dieWithParent does nothing here: a server that outlives a killed parent is
// stopped by the next start.
func dieWithParent(*syscall.SysProcAttr) {}
