import 'fake-indexeddb/auto'
import '../boot'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { startTexts } from '@/i18n/i18n'

// jsdom draws nothing: every element has the size of a screen, so that virtual lists show their first rows.
const screen = { width: 1440, height: 900 }

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

// The first route of a file loads its modules; a busy machine takes its time.
configure({ asyncUtilTimeout: 20_000 })

class SizedOnce implements ResizeObserver {
  constructor(private readonly notify: ResizeObserverCallback) {}
  observe(target: Element) {
    const size = [{ inlineSize: screen.width, blockSize: screen.height }]
    const entry = {
      target,
      borderBoxSize: size,
      contentBoxSize: size,
      devicePixelContentBoxSize: size,
      contentRect: target.getBoundingClientRect(),
    }
    this.notify([entry as unknown as ResizeObserverEntry], this)
  }
  unobserve() {}
  disconnect() {}
}

beforeAll(async () => {
  const sizes = { clientWidth: screen.width, clientHeight: screen.height, offsetWidth: screen.width }
  for (const [name, size] of Object.entries(sizes)) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size })
  }
  Object.defineProperty(HTMLElement.prototype, 'offsetHeight', {
    configurable: true,
    get(this: HTMLElement) {
      return this.hasAttribute('data-index') ? 72 : screen.height
    },
  })
  window.scrollTo = () => {}
  Element.prototype.scrollTo = () => {}
  Element.prototype.scrollIntoView = () => {}
  await startTexts()
})

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('ResizeObserver', SizedOnce)
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('min-width'),
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }))
})

afterEach(() => {
  cleanup()
})
