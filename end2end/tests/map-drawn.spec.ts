import { WIDE } from '../harness/browser.ts';
import { LooseMap, rows } from '../harness/loose-map.ts';
import { look, still } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';

/** What the map's own script draws of rows, without a client that feeds it. */

const veil = (map: LooseMap) => map.page.evaluate(() => Reflect.get(window, 'loose').map.getPaintProperty('veil', 'background-opacity'));

/** Whether it is drawn above the veil as well, so that below it its name is gone. */
const isRaised = (map: LooseMap, id: unknown) =>
  map.page.evaluate((id) => ['settled', 'live', 'own'].every((source) => Reflect.get(window, 'loose').map.getFeatureState({ source, id }).lit === true), id);
/** The keys of a thing, its threads and their other ends, as the rows have them. */
function held({ threads }: ReturnType<typeof rows>, id: unknown): unknown[] {
  const tied = threads.filter(({ node, role }) => node === id || role === id);
  return [...new Set([id, ...tied.flatMap((row) => [row['id'], row['node'] === id ? row['role'] : row['node']])])].sort();
}

test('what the panel is about is lit with what it holds, the rest steps back, and comes forward again', async ({ page }) => {
  test.setTimeout(120_000);
  const map = await LooseMap.open(page);
  const woven = rows(300);
  const knot = woven.nodes[0]!['id'];
  // By link: before anything is known of it.
  await map.light(`/knoten/${knot}`);
  expect(await veil(map)).toBe(0);
  await map.feed({ ...woven });
  await map.idle();
  const parts = (keys: string[]) => keys.filter((key) => !/-(stem|around)$/.test(key));
  expect(parts(await map.keys('lit'))).toEqual(held(woven, knot));
  expect(await veil(map)).toBeGreaterThan(0.3);
  expect(await isRaised(map, knot), 'it is named once').toBe(true);
  // A thread that comes later is lit as well.
  const [spool] = woven.spools;
  const thread = { ...woven.threads[0]!, id: '018f0000-0004-7000-8000-000000000000', role: spool!['role'], node: knot, kind: 'talk' };
  await map.feed({ threads: [thread] });
  await map.idle();
  expect(await map.keys('lit')).toContain(thread.id);
  await map.light(`/rolle/${spool!['role']}?@1,2,3`);
  await map.idle();
  const lit = await look(page);
  expect(parts(await map.keys('lit'))).toEqual(held({ ...woven, threads: [...woven.threads, thread] }, spool!['role']));
  await map.light('/ich');
  await map.idle();
  expect(await map.keys('lit')).toEqual([]);
  expect(await isRaised(map, knot)).toBe(false);
  expect(await veil(map)).toBe(0);
  expect((await look(page, lit.png, 30)).changed, 'the rest is back').toBeGreaterThan(2000);
});

test('a knot is drawn with a ring in its last day, when time has come to it, and not where yarn holds it', async ({ page }) => {
  await page.clock.install();
  const map = await LooseMap.open(page);
  const { nodes: [soon, tomorrow, later, yarn] } = rows(100, Date.now());
  const lasts = (row: Record<string, unknown>, hours: number, yarns = {}) => ({ ...row, yarns, holds_until: Date.now() + hours * 60 * 60 * 1000 });
  await map.feed({ nodes: [lasts(soon!, 12), lasts(tomorrow!, 30), lasts(later!, 48), lasts(yarn!, 12, { '018f0000-0003-7000-8000-000000000000': 'anyone' })] });
  await map.idle();
  /** Which knots have the ring, whatever it is drawn from; what the map hides because it is drawn elsewhere has none. */
  const ringed = () =>
    page.evaluate(() => {
      type Drawn = { properties: { key: string }; state: { stale?: boolean } };
      const found: Drawn[] = Reflect.get(window, 'loose').map.queryRenderedFeatures({ layers: ['last-settled', 'last-live'] });
      return [...new Set(found.filter(({ state }) => !state.stale).map(({ properties }) => properties.key))].sort();
    });
  expect(await ringed()).toEqual([soon!['id']]);
  const box = async (row: Record<string, unknown>) => {
    const { x, y } = await map.at(row);
    return { x: x - 18, y: y - 18, width: 36, height: 36 };
  };
  const [nearer, farther] = [await still(page, await box(tomorrow!)), await still(page, await box(later!))];

  await page.clock.fastForward('10:00:00');
  await map.idle();
  expect(await ringed()).toEqual([soon!['id'], tomorrow!['id']]);
  expect((await look(page, nearer.png, undefined, await box(tomorrow!))).changed, 'the ring is seen').toBeGreaterThan(40);
  expect((await look(page, farther.png, undefined, await box(later!))).changed, 'the other one looks as before').toBeLessThan(10);

  // Somebody acts there, and elsewhere a thread is taken back.
  await map.feed({ nodes: [lasts(soon!, 7 * 24), lasts(later!, 12)] });
  await map.idle();
  expect(await ringed()).toEqual([tomorrow!['id'], later!['id']]);
});

test.describe('with a mouse', () => {
  test.use({ ...WIDE, hasTouch: false, isMobile: false });

  test('what lies under it is drawn once more with its threads, and no more', async ({ page }) => {
    const map = await LooseMap.open(page);
    const woven = rows(60);
    await map.feed({ ...woven });
    await map.idle();
    const knot = woven.nodes[3]!;
    const { x, y } = await map.at(knot);
    await page.mouse.move(x, y, { steps: 3 });
    const tied = woven.threads.filter(({ node }) => node === knot['id']).map(({ id }) => id);
    await expect.poll(() => map.keys('over')).toEqual([knot['id'], ...tied].sort());
    await expect.poll(() => page.evaluate(() => document.querySelector<HTMLElement>('canvas')!.style.cursor)).toBe('pointer');
    await page.mouse.move(5, 5, { steps: 3 });
    await expect.poll(() => map.keys('over')).toEqual([]);
    await page.mouse.click(x, y);
    await expect.poll(() => map.told()).toContain(`/knoten/${knot['id']}`);
  });
});

test('a device that loses what it drew with draws all again, with what came meanwhile', async ({ page, guard }) => {
  const map = await LooseMap.open(page);
  const woven = rows(200);
  await map.feed({ ...woven });
  await map.light(`/knoten/${woven.nodes[0]!['id']}`);
  await map.idle();
  const before = await look(page);
  const [late] = woven.nodes.splice(1, 1, { ...woven.nodes[1]!, title: 'Anders' });
  const lose = (act: 'loseContext' | 'restoreContext') =>
    page.evaluate(
      async ([act, event]) => {
        const canvas = document.querySelector('canvas')!;
        const heard = new Promise((done) => canvas.addEventListener(event, done, { once: true }));
        const kept = Reflect.get(window, 'kept') ?? canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
        Reflect.set(window, 'kept', kept);
        kept[act]();
        await heard;
      },
      [act, act === 'loseContext' ? 'webglcontextlost' : 'webglcontextrestored'] as const,
    );
  for (let time = 0; time < 2; time += 1) {
    await lose('loseContext');
    await expect(page.locator('#map[data-drawn]')).toHaveCount(0);
    await map.feed({ nodes: [{ ...late!, title: `Anders ${time}` }] });
    await lose('restoreContext');
    await expect(page.locator('#map[data-drawn]')).toBeAttached();
    await map.idle();
    expect((await look(page, before.png)).changed, 'it looks as before').toBeLessThan(1500);
    expect((await look(page)).colours).toBeGreaterThan(40);
    expect(await map.keys('lit')).toContain(woven.nodes[0]!['id']);
  }
  const title = await page.evaluate(async (key) => {
    const { features } = await Reflect.get(window, 'loose').map.getSource('settled').getData();
    return features.find((feature: { properties: { key: string } }) => feature.properties.key === key).properties.name as string;
  }, late!['id'] as string);
  expect(title).toBe('Anders 1');
  expect(guard.found).toEqual([]);
});

test('a device that does not get back what it drew with leaves the list', async ({ page }) => {
  await page.clock.install();
  const map = await LooseMap.open(page);
  await map.feed({ ...rows(50) });
  await page.evaluate(() => document.querySelector('canvas')!.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext());
  await expect(page.locator('#map[data-drawn]')).toHaveCount(0);
  await page.clock.fastForward(20_000);
  await expect.poll(() => map.told()).toContain('map_lost');
  // What is still told to it is no harm.
  await map.feed({ ...rows(60) });
  await map.light('/');
});

test('twenty thousand features are drawn, tapped and changed', async ({ page }) => {
  test.setTimeout(180_000);
  const map = await LooseMap.open(page, { zoom: 12 });
  const woven = rows(20_000);
  await map.feed({ ...woven });
  // Not idle: without a graphics chip all these names take minutes to fade in.
  await expect.poll(() => map.count('settled'), { timeout: 60_000 }).toBeGreaterThanOrEqual(20_000);
  await expect.poll(async () => (await look(page)).colours, { timeout: 60_000 }).toBeGreaterThan(100);
  expect(await map.keys('live')).toEqual([]);
  const last = woven.nodes[0]!;
  const { x, y } = await map.at(last);
  await page.touchscreen.tap(x, y);
  await expect.poll(() => map.told()).toContainEqual(expect.stringMatching(/^\/(knoten|rolle)\//));
  await map.feed({ nodes: [{ ...last, title: 'Anders' }] });
  await expect.poll(() => map.keys('live')).toEqual([last['id']]);
});
