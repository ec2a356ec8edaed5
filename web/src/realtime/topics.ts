/** What all tabs of a browser want to hear: everybody the inbox and their own things, and whoever opened one a conversation. */
const always = ['inbox', 'me']

export class Topics {
  private readonly own = new Map<string, number>()
  private readonly ofTabs = new Map<string, string[]>()

  constructor(private readonly tab: string) {}

  all(): string[] {
    return [...new Set([...always, ...[...this.ofTabs.values()].flat()])]
  }

  /** This tab's own, to be told to the others. */
  mine(): string[] {
    return [...this.own.keys()]
  }

  open(topic: string): void {
    this.own.set(topic, (this.own.get(topic) ?? 0) + 1)
  }

  close(topic: string): void {
    const left = (this.own.get(topic) ?? 1) - 1
    if (left > 0) this.own.set(topic, left)
    else this.own.delete(topic)
  }

  /** Takes in what a tab wants now, and says what that adds to and takes from the whole. */
  set(tab: string, topics: string[]): { added: string[]; removed: string[] } {
    const before = this.all()
    if (topics.length > 0) this.ofTabs.set(tab, topics)
    else this.ofTabs.delete(tab)
    const after = this.all()
    return {
      added: after.filter((topic) => !before.includes(topic)),
      removed: before.filter((topic) => !after.includes(topic)),
    }
  }

  setMine(): { added: string[]; removed: string[] } {
    return this.set(this.tab, this.mine())
  }
}
