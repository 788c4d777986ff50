import { uuid7 } from '../harness/ids.ts';
import { LooseMap, rows } from '../harness/loose-map.ts';
import { look, still } from '../harness/picture.ts';
import { field, openSearch, titles, weave } from '../harness/search.ts';
import { expect, test } from '../harness/test.ts';

test('what was found glows on the map, which stays where it is', async ({ people, town }) => {
  await weave(people, town, 'Schalmei', 'Luftballons');
  const bert = await people.register('Bert');
  for (const [east, north] of [[-80, 0], [-80, 60], [-20, -40], [-20, 30], [20, 90], [70, -30]] as const) {
    await people.does(bert, { act: 'knot-node', node: uuid7(), kind: 'place', title: 'Bank', text: '', place: town.at(east, north), starts_at: null });
  }
  const app = await people.browser();
  await app.open(town.view(16));
  await app.expectMap();
  await app.expectLive();
  await openSearch(app);
  const view = () => app.page.url().match(/@[^&]+/)![0];
  const began = view();
  const before = await still(app.page);
  await field(app).fill('Schalmei');
  await expect(titles(app)).toHaveCount(3);
  const changed = async () => (await look(app.page, before.png)).changed;
  await expect.poll(changed, 'the rest has stepped back').toBeGreaterThan(1500);
  expect(view()).toBe(began);
  await field(app).fill('');
  await expect(titles(app)).toHaveCount(0);
  // A name may find its room on another side than before.
  await expect.poll(changed, 'nothing is lit').toBeLessThan(1200);
});

test('the map lights what was found, drawn already or not, until something is open', async ({ page }) => {
  test.setTimeout(120_000);
  const map = await LooseMap.open(page);
  const woven = rows(100);
  await map.feed({ ...woven });
  await map.idle();
  const [knot, spool] = [woven.nodes[2]!, woven.spools[0]!];
  const line = (id: unknown, kind: unknown, row: Record<string, unknown>, name: string) => {
    const { lat, lon } = row['place'] as { lat: number; lon: number };
    return `${id} ${kind} ${lat} ${lon} ${name}\n`;
  };
  const unknown = '018f0000-0009-7000-8000-000000000000';
  const lines = [line(knot['id'], knot['kind'], knot, 'Ein Knoten'), line(spool['role'], 'spool', spool, 'Eine Rolle'), line(unknown, 'tool', woven.nodes[5]!, 'Noch nicht da')];
  const glow = (text: string) => page.evaluate((text) => Reflect.get(window, 'loose').glow(text), text);
  const lit = async () => (await map.keys('lit')).filter((key) => !/-(stem|around)$/.test(key));
  await glow(lines.join('') + lines[0]);
  await map.idle();
  expect(await lit(), 'each once').toEqual([knot['id'], spool['role'], unknown].sort());
  await map.light(`/knoten/${woven.nodes[7]!['id']}`);
  await map.idle();
  expect(await lit()).not.toContain(unknown);
  await map.light('/suche?q=x');
  await map.idle();
  expect(await lit()).toContain(unknown);
  await glow('');
  await map.idle();
  expect(await lit()).toEqual([]);
});
