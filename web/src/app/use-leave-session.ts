import { asProblem } from '@/api/problem'
import { useSignOut } from '@/features/access/api/sign-out'
import { useOutbox, useWorkspace } from '@/realtime/workspace'
import { goToSignIn } from './leave'
import { tellTabs } from './session-tabs'

/** Signing out: the server ends the session, then this person's words leave the browser. */
export function useLeaveSession() {
  const workspace = useWorkspace()
  const unsent = useOutbox().length
  const { mutateAsync, isPending } = useSignOut()
  const signOut = async () => {
    // The server closes the socket of an ended session; this tab leaves by itself and must not be sent away first.
    workspace.realtime.stop()
    try {
      await mutateAsync()
    } catch (error) {
      // A session that is over already is as good as one that was ended; anything else must be seen and tried again.
      if (!asProblem(error)?.signedOut) {
        workspace.realtime.start()
        return
      }
    }
    await workspace.wipe().catch(() => {}) // blocked storage kept nothing
    tellTabs({ kind: 'signed_out' })
    goToSignIn()
  }
  return { unsent, signOut, leaving: isPending }
}
