/** A feature as the map's scripts make it. */
export interface Feature {
  geometry: unknown;
  properties: { key: string };
}

interface Diff {
  add: Feature[];
  remove: string[];
}

/**
 * What the map's scripts tell MapLibre, kept as MapLibre keeps it: sources by key, removals before additions, states beside the
 * features. Time passes by `pass` alone; what is told is drawn at once, or by `drawn` where `slow`.
 */
export class FakeMap {
  readonly sources = new Map<string, Map<string, Feature>>();
  readonly states = new Map<string, Record<string, boolean>>();
  /** How many features each source was told of. */
  readonly told: Record<string, number> = {};
  #ms = 1_700_000_000_000;
  #timers: { at: number; act: () => unknown }[] = [];
  #slow = false;
  #waiting: (() => void)[] = [];

  now = (): number => this.#ms;
  resting = (): boolean => true;
  later = (act: () => unknown, ms: number): number => this.#timers.push({ at: this.#ms + ms, act });
  state = (source: string, key: string, state: Record<string, boolean>): void => {
    const name = `${source} ${key}`;
    this.states.set(name, { ...this.states.get(name), ...state });
  };
  change = (source: string, { add, remove }: Diff): void => {
    const features = this.source(source);
    for (const key of remove) features.delete(key);
    for (const feature of add) features.set(feature.properties.key, feature);
    this.told[source] = (this.told[source] ?? 0) + add.length + remove.length;
  };
  set = (source: string, features: Feature[]): void => {
    for (const name of [...this.states.keys()]) if (name.startsWith(`${source} `)) this.states.delete(name);
    this.sources.set(source, new Map(features.map((feature) => [feature.properties.key, feature])));
  };
  tiled = (): Promise<void> => (this.#slow ? new Promise((done) => this.#waiting.push(done)) : Promise.resolve());

  source(name: string): Map<string, Feature> {
    if (!this.sources.has(name)) this.sources.set(name, new Map());
    return this.sources.get(name)!;
  }

  /** From now on what was told is drawn when the test says so. */
  slow(slow: boolean): void {
    this.#slow = slow;
    this.#waiting.splice(0).forEach((done) => done());
  }

  async pass(ms: number): Promise<void> {
    this.#ms += ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= this.#ms);
      if (!due.length) return;
      this.#timers = this.#timers.filter(({ at }) => at > this.#ms);
      for (const { act } of due) void act();
      // What waits for what is drawn goes on.
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
    }
  }

  /** What is seen, by key; of what two sources draw, both. */
  seen(): Map<string, Feature[]> {
    const seen = new Map<string, Feature[]>();
    for (const [name, features] of this.sources) {
      for (const [key, feature] of features) {
        if (this.states.get(`${name} ${key}`)?.['stale']) continue;
        seen.set(key, [...(seen.get(key) ?? []), feature]);
      }
    }
    return seen;
  }
}
