package embedded

import "syscall"

// dieWithParent has the kernel send the immediate shutdown when the thread that
// started the server ends, which is when this process is gone.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
