import { expect, test } from '@playwright/test';

import { FakeMap, type Feature } from '../harness/fake-map.ts';
import { random } from '../harness/random.ts';
import { script } from '../harness/script.ts';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const KINDS = ['create', 'change', 'talk', 'join'];

interface Rows {
  nodes: Map<string, object>;
  threads: Map<string, object>;
  spools: Map<string, object>;
}

interface News {
  [sort: string]: unknown[];
}

/** Somebody's day: what happens to a weave, by a seed. */
class Day {
  readonly rows: Rows = { nodes: new Map(), threads: new Map(), spools: new Map() };
  readonly waiting = new Set<string>();
  readonly #random: () => number;
  readonly #now: () => number;
  #made = 0;

  constructor(seed: number, now: () => number) {
    this.#random = random(seed);
    this.#now = now;
  }

  below(most: number): number {
    return Math.floor(this.#random() * most);
  }

  /** What happens next, and what of it is told. */
  step(): News {
    const news: News = { nodes: [], threads: [], spools: [], nodes_gone: [], threads_gone: [], spools_gone: [] };
    // Now and then another neighbourhood comes into view, or goes.
    const acts = this.below(25) === 0 ? 900 : 1 + this.below(6);
    const goes = this.below(3) === 0;
    for (let i = 0; i < acts; i += 1) {
      if (goes) this.#end(news);
      else this.#begin(news);
    }
    return news;
  }

  #begin(news: News): void {
    const sort = (['nodes', 'threads', 'spools', 'threads'] as const)[this.below(4)]!;
    const known = [...this.rows[sort].keys()];
    const id = known.length && this.below(2) ? known[this.below(known.length)]! : `${sort[0]}${String((this.#made += 1)).padStart(6, '0')}`;
    const row = this[sort](id);
    if (!row) return;
    this.rows[sort].set(id, row);
    news[`${sort}_gone`] = news[`${sort}_gone`]!.filter((gone) => gone !== id);
    news[sort]!.push(row);
    if (sort !== 'spools' && this.below(4) === 0) this.waiting.add(id);
    else this.waiting.delete(id);
  }

  #end(news: News): void {
    const sort = (['nodes', 'threads', 'spools'] as const)[this.below(3)]!;
    const known = [...this.rows[sort].keys()];
    const id = known[this.below(known.length)];
    if (!id) return;
    this.rows[sort].delete(id);
    this.waiting.delete(id);
    news[sort] = news[sort]!.filter((row) => Reflect.get(row as object, sort === 'spools' ? 'role' : 'id') !== id);
    news[`${sort}_gone`]!.push(id);
  }

  /** Places are few, so that things meet at one, and some lie almost at one. */
  #place(): object {
    return { lat: 481_000_000 + this.below(8) * 150, lon: 156_000_000 + this.below(4) * 40_000 };
  }

  nodes(id: string): object {
    const yarns = Object.fromEntries(Array.from({ length: this.below(6) }, (_, i) => [`y${i}`, 'r']));
    return { id, kind: 'idea', title: `Knoten ${this.below(9)}`, place: this.#place(), yarns, holds_until: this.#now() + this.below(9e8) };
  }

  spools(role: string): object {
    return { role, name: `Rolle ${this.below(9)}`, place: this.#place(), radius: this.below(3) ? null : '100m', acted_at: this.#now() - this.below(20_000) };
  }

  threads(id: string): object | undefined {
    const [nodes, spools] = [[...this.rows.nodes.values()], [...this.rows.spools.values()]];
    if (!nodes.length || !spools.length) return undefined;
    const pick = (rows: object[]) => rows[this.below(Math.min(rows.length, 5))]!;
    const [node, spool] = [pick(nodes), pick(spools)];
    const kept = this.rows.threads.get(id);
    const of = (name: string, other: unknown) => (kept ? Reflect.get(kept, name) : other);
    return {
      id,
      kind: of('kind', KINDS[this.below(KINDS.length)]),
      role: of('role', Reflect.get(spool, 'role')),
      node: of('node', Reflect.get(node, 'id')),
      from: this.below(4) ? Reflect.get(spool, 'place') : null,
      to: Reflect.get(node, 'place'),
      expires_at: this.below(3) ? this.#now() + this.below(6e8) : null,
    };
  }
}

/** What is to be seen of the rows when all are told at once. */
async function atOnce(rows: Rows, waiting: Iterable<string>, zoom: number): Promise<Map<string, Feature[]>> {
  const [{ Cloth }, { Weave }] = await Promise.all([script('cloth'), script('weave')]);
  const map = new FakeMap();
  const weave = new Weave(new Cloth(map), map.now, zoom);
  weave.feed({ nodes: [...rows.nodes.values()], threads: [...rows.threads.values()], spools: [...rows.spools.values()] }, waiting);
  await map.pass(0);
  return map.seen();
}

/** What is seen, a feature a line. */
const lines = (seen: Map<string, Feature[]>) => [...seen].map(([key, features]) => `${key} ${JSON.stringify(features)}`).sort();

for (const seed of SEEDS) {
  test(`whatever the differences, what is drawn is what drawing all rows at once draws, seed ${seed}`, async () => {
    const [{ Cloth }, { Weave }] = await Promise.all([script('cloth'), script('weave')]);
    const map = new FakeMap();
    const day = new Day(seed, map.now);
    let zoom = 15;
    const weave = new Weave(new Cloth(map), map.now, zoom);
    for (let step = 0; step < 120; step += 1) {
      weave.feed(day.step(), day.waiting);
      if (day.below(5) === 0) weave.zoomed((zoom = 12 + day.below(60) / 10), 0);
      if (day.below(12) === 0) weave.cloth.again();
      if (day.below(6) === 0) map.slow(true);
      await map.pass(day.below(15_000));
      if (step % 8) continue;
      // What was told is drawn; then nothing is seen twice and nothing is missing.
      map.slow(false);
      await map.pass(0);
      expect(lines(map.seen()), `after ${step} steps`).toEqual(lines(await atOnce(day.rows, day.waiting, zoom)));
    }
    // Left alone, all that is confirmed settles.
    map.slow(false);
    for (let i = 0; i < 4; i += 1) await map.pass(30_000);
    expect(map.source('live').size).toBe(0);
    expect(weave.cloth.stale.size, 'nothing hidden is kept').toBe(0);
    expect(lines(map.seen())).toEqual(lines(await atOnce(day.rows, day.waiting, zoom)));
  });
}

test('a small change leaves thousands of settled features alone', async () => {
  const [{ Cloth }, { Weave }] = await Promise.all([script('cloth'), script('weave')]);
  const map = new FakeMap();
  const day = new Day(1, map.now);
  const weave = new Weave(new Cloth(map), map.now, 15);
  const place = (i: number) => ({ lat: 481_000_000 + i * 4000, lon: 156_000_000 });
  const nodes = Array.from({ length: 3000 }, (_, i) => ({ ...day.nodes(`n${i}`), place: place(i) }));
  weave.feed({ nodes }, []);
  await map.pass(0);
  expect(map.told).toEqual({ settled: 3000 });
  weave.feed({ nodes: [{ ...nodes[7], title: 'Anders' }], nodes_gone: ['n8'] }, []);
  expect(map.told, 'the old copies are hidden by their state').toEqual({ settled: 3000, live: 1 });
  expect([...map.seen().keys()]).toHaveLength(2999);
  await map.pass(30_000);
  expect(map.told, 'later both leave with what moves in').toEqual({ settled: 3002, live: 2 });
});

test('strands of a bundle lie beside each other in one order, and a bundle stays narrow', async () => {
  const { lay } = await script('strands');
  const row = (i: number, expires_at: number | null = 1) => ({ id: `t${i}`, kind: KINDS[i % 4], role: 'r', node: 'n', expires_at });
  const aside = (rows: object[]) => [...lay(rows).values()].map((place) => place.aside as number);
  expect(aside([row(0)]), 'one alone lies in the middle').toEqual([0]);
  const four = [row(3), row(1), row(0), row(2)];
  expect([...lay(four).keys()], 'by kind').toEqual(['t0', 't1', 't2', 't3']);
  expect(lay(four)).toEqual(lay(four.reverse()));
  const places = aside(four);
  expect(places.every((place, i) => i === 0 || place > places[i - 1]!), 'none lies on another').toBe(true);
  const many = aside(Array.from({ length: 40 }, (_, i) => row(i, null)));
  expect(Math.max(...many) - Math.min(...many)).toBeLessThan(23);
});

test('a title of any kind is one that a map can bear', async () => {
  const { written } = await script('features');
  expect(written('a'.repeat(300))).toBe(`${'a'.repeat(21)}…`);
  expect(written('🪚 Säge  👩‍👩‍👧‍👦 für 🇦🇹 alle ❤️')).toBe('Säge für alle');
  expect(written('𝒲'.repeat(40)), 'no letter is halved').toBe(`${'𝒲'.repeat(21)}…`);
  expect(written('مكتبة الحي')).toBe('مكتبة الحي');
  expect([...written('Wort '.repeat(60))].length).toBeLessThanOrEqual(64);
});
