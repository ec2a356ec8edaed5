// The first module the app imports: what must be set before any other module runs.
import { setNonce } from 'get-nonce'
import * as z from 'zod/mini'

// Without this zod probes `new Function` while schemas are built, which the content security policy reports.
z.config({ jitless: true })

// Scroll locks of dialogs and menus write a <style>; it must carry the nonce of this response.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
if (nonce) setNonce(nonce)
