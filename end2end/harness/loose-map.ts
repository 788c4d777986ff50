import { type Page, expect } from '@playwright/test';

/** A weave that nobody wove, as rows. */
export interface Rows {
  nodes: Record<string, unknown>[];
  threads: Record<string, unknown>[];
  spools: Record<string, unknown>[];
}

const KINDS = ['idea', 'event', 'place', 'tool', 'bed', 'structure'];
const THREADS = ['create', 'change', 'talk', 'join'];
const LAT = 48.2;
const LON = 16.4;
const UNIT = 1e7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The map's own script and library on an empty page, fed by the test instead of the client. */
export class LooseMap {
  readonly page: Page;

  /** What the map complained of. */
  readonly #complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.text().startsWith('map:')) this.#complaints.push(message.text());
    });
  }

  /** Opens it on a page of the server's origin; `offset` is how far its clock is behind the server's, in milliseconds. */
  static async open(page: Page, { lat = LAT, lon = LON, zoom = 15, offset = 0 } = {}): Promise<LooseMap> {
    const map = new LooseMap(page);
    await page.route('**/loose-map', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="de"><head><meta name="viewport" content="width=device-width, initial-scale=1"></head><body><div id="map"></div></body></html>' }),
    );
    await page.goto('/loose-map');
    await page.evaluate(
      async ({ lat, lon, zoom, offset }) => {
        const text = await (await fetch('/')).text();
        const there = new DOMParser().parseFromString(text, 'text/html');
        const home = document.getElementById('map')!;
        Object.assign(home.dataset, { ...there.getElementById('map')!.dataset });
        document.head.append(there.querySelector('style')!);
        const told: string[] = [];
        const say = (name: string) => () => told.push(name);
        const hooks = { moved: () => {}, picked: say('picked'), map_lost: say('map_lost'), tapped: (path: string) => told.push(path) };
        const bridge = await import(home.dataset['bridge']!);
        Object.assign(window, { told, loose: await bridge.open(home, { lat, lon, zoom, offset }, hooks) });
      },
      { lat, lon, zoom, offset },
    );
    return map;
  }

  /** Tells the map what is new, and what of it is on its way. */
  async feed(patch: Partial<Rows> & Record<string, unknown>, waiting: string[] = []): Promise<void> {
    await this.bring(patch, waiting);
    await this.tell();
  }

  /** Brings into the page what `tell` will tell the map: getting it there is no work of the map's. */
  async bring(patch: Partial<Rows> & Record<string, unknown>, waiting: string[] = []): Promise<void> {
    await this.page.evaluate((news) => Reflect.set(window, 'news', news), { patch, waiting, balls: [] });
  }

  async tell(): Promise<void> {
    await this.page.evaluate(() => Reflect.get(window, 'loose').feed(Reflect.get(window, 'news')));
  }

  /** Waits until the base map is there and drawn. */
  async laid(): Promise<void> {
    await expect(this.page.locator('#map[data-laid]'), 'the base map is laid').toBeAttached({ timeout: 40_000 });
    await this.idle();
  }

  /** The names that layers of the base map have written into the picture: what had no room is not among them. */
  async names(...layers: string[]): Promise<string[]> {
    return this.page.evaluate((layers) => {
      const { map } = Reflect.get(window, 'loose');
      const found: { properties: Record<string, string> }[] = map.queryRenderedFeatures({ layers });
      return [...new Set(found.map(({ properties }) => properties['name'] ?? properties['housenumber'] ?? ''))].sort();
    }, layers);
  }

  /** Takes layers of the base map away. */
  async hide(...layers: string[]): Promise<void> {
    await this.page.evaluate((layers) => {
      for (const layer of layers) Reflect.get(window, 'loose').map.setLayoutProperty(layer, 'visibility', 'none');
    }, layers);
    await this.idle();
  }

  /** Waits until the map has drawn everything and has nothing left to do. */
  async idle(): Promise<void> {
    await this.page.evaluate(async () => {
      const { map } = Reflect.get(window, 'loose');
      map.triggerRepaint();
      await map.once('idle');
    });
    expect(this.#complaints, 'what the map complained of').toEqual([]);
  }

  /** What the panel of this path is about is lit. */
  async light(path: string): Promise<void> {
    await this.page.evaluate((path) => Reflect.get(window, 'loose').light(path), path);
  }

  /** The keys of what a source of the map draws now. */
  async keys(source: string): Promise<string[]> {
    return this.page.evaluate(async (source) => {
      const data = await Reflect.get(window, 'loose').map.getSource(source).getData();
      return data.features.map((feature: { properties: { key: string } }) => feature.properties.key).sort();
    }, source);
  }

  /** How many features a source of the map draws now. */
  async count(source: string): Promise<number> {
    return this.page.evaluate(async (source) => (await Reflect.get(window, 'loose').map.getSource(source).getData()).features.length, source);
  }

  /** Where a knot's or a spool's place is in the window. */
  async at(row: Record<string, unknown>): Promise<{ x: number; y: number }> {
    const { lat, lon } = row['place'] as { lat: number; lon: number };
    return this.page.evaluate(([lat, lon]) => {
      const { x, y } = Reflect.get(window, 'loose').map.project([lon, lat]);
      return { x, y };
    }, [lat / UNIT, lon / UNIT] as const);
  }

  /** Moves the map there and back, a little with each picture, so many pictures long. */
  async pan(pictures: number): Promise<void> {
    await this.page.evaluate(async (pictures) => {
      const { map } = Reflect.get(window, 'loose');
      const centre = map.getCenter();
      for (let i = 0; i < pictures; i += 1) {
        map.jumpTo({ center: [centre.lng + 0.0012 * Math.sin(i / 8), centre.lat + 0.0008 * Math.sin(i / 11)] });
        await new Promise((drawn) => map.once('render', drawn));
      }
    }, pictures);
  }

  /** What the map told the client: paths that were tapped, and other things by name. */
  async told(): Promise<string[]> {
    return this.page.evaluate(() => Reflect.get(window, 'told') as string[]);
  }
}

/** So many features in a view of zoom 15: a fifth knots, a twentieth spools, the rest threads of all ages, some of them yarn. */
export function rows(features: number, now = Date.now()): Rows {
  const count = { nodes: Math.round(features / 5), spools: Math.round(features / 20) };
  const id = (sort: number, i: number) => `018f0000-000${sort}-7000-8000-${String(i).padStart(12, '0')}`;
  // A spiral that fills a view evenly, without chance.
  const place = (i: number, most: number) => {
    const [far, turn] = [Math.sqrt((i + 0.5) / most) * 0.0085, i * 2.399963];
    return { lat: Math.round((LAT + far * Math.sin(turn)) * UNIT), lon: Math.round((LON + 0.62 * far * Math.cos(turn)) * UNIT) };
  };
  const spools = Array.from({ length: count.spools }, (_, i) => ({
    role: id(2, i), name: `Rolle ${i}`, place: place(i * 17 + 5, count.spools * 17 + 5), radius: i % 9 ? null : '100m', acted_at: now - DAY_MS, last: 1,
  }));
  const nodes = Array.from({ length: count.nodes }, (_, i) => ({
    id: id(1, i), kind: KINDS[i % KINDS.length]!, title: `Knoten ${i}`, text: '', place: place(i, count.nodes), yarns: i % 6 ? {} : { [id(3, i)]: id(2, 0) }, holds_until: now + ((i % 7) + 0.5) * DAY_MS, last: 1,
  }));
  const threads = Array.from({ length: features - count.nodes - count.spools }, (_, i) => {
    // Neighbours of each other on the spiral are far apart: lines of all lengths.
    const [node, spool] = [nodes[(i * 7) % nodes.length]!, spools[Math.floor(i / 3) % spools.length]!];
    return {
      id: id(3, i), kind: THREADS[i % THREADS.length]!, role: spool.role, node: node.id, from: i % 40 ? spool.place : null, to: node.place,
      expires_at: i % 12 ? now + ((i % 70) / 10) * DAY_MS : null, last: 1,
    };
  });
  return { nodes, threads, spools };
}
