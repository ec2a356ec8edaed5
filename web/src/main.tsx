import './boot'
import './ui/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { goToDuty, goToSignIn } from './app/leave'
import { createQueryClient } from './app/query-client'
import { createAppRouter } from './app/router'
import { startTexts } from './i18n/i18n'
import { followSystemTheme } from './ui/theme'

const queries = createQueryClient(
  () => {
    const { pathname, search } = window.location
    // The page before a session asks who is there, too; being nobody is its ordinary answer.
    if (/^\/(t|account)\//.test(pathname)) goToSignIn(pathname + search)
  },
  (duty) => goToDuty(duty === 'password_change_required' ? '/change-password' : '/setup-2fa'),
)
const router = createAppRouter(queries)

followSystemTheme()
await startTexts()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} router={router} />
    </StrictMode>,
  )
}
