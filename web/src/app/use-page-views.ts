import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { client } from '@/api/client'
import { type PageView, watchPageViews } from './page-views.model'

/** Tells the server which pages the person had before them, and for how long. */
export function usePageViews(): void {
  const router = useRouter()
  useEffect(() => {
    const page = () => (router.state.matches.at(-1)?.fullPath ?? '').replace(/\/$/, '')
    const views = watchPageViews(page(), tell)
    const stop = router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
      // The first page was there before this listened.
      if (fromLocation && pathChanged) views.arrive(page())
    })
    const turned = () => (document.visibilityState === 'hidden' ? views.hide() : views.show())
    document.addEventListener('visibilitychange', turned)
    window.addEventListener('pagehide', views.leave)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', turned)
      window.removeEventListener('pagehide', views.leave)
      views.leave()
    }
  }, [router])
}

/** Said once: a view that could not be told is a view less in the figures, and nothing anybody waits for. */
function tell(view: PageView) {
  client.POST('/api/activity/track', { body: { type: 'PAGE_VIEW', ...view }, keepalive: true }).catch(() => {})
}
