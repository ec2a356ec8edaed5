// A login session has one workspace at a time, and all tabs share it: they tell each other when it turns or ends.

export type SessionNews = { kind: 'switched'; slug: string } | { kind: 'signed_out' }

const name = 'baraza.session'

export function tellTabs(news: SessionNews): void {
  const channel = new BroadcastChannel(name)
  channel.postMessage(news)
  channel.close()
}

export function onSessionNews(listener: (news: SessionNews) => void): () => void {
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event: MessageEvent<SessionNews>) => listener(event.data)
  return () => channel.close()
}
