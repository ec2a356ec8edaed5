/** The two functions React's useSyncExternalStore needs of a store. Arrow functions, so they can be handed on. */
export class Emitter {
  private readonly listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  protected emit(): void {
    for (const listener of this.listeners) listener()
  }
}
