import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import { weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { colours, look } from '../harness/picture.ts';
import { HEADER } from '../harness/screen.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('the map joins after the page has woken: it shows the weave, and a tap opens what lies there', async ({
  people,
  town,
}) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view(16));
  await anna.expectMap();
  await anna.expectLive();
  const empty = await look(anna.page);
  // A short title, so that its label is no larger than the knot.
  await anna.weave({ title: 'Ei' });
  await anna.expectWaiting(0);
  await anna.home();
  await expect.poll(async () => (await look(anna.page, empty.png)).changed).toBeGreaterThan(150);
  const { x, y } = await look(anna.page, empty.png);
  await anna.page.touchscreen.tap(x, y);
  await expect(anna.heading('Ei')).toBeVisible();
  await expect(anna.page).toHaveURL(/\/knoten\//);
});

test('the canvas is not blank where something is woven', async ({ people, town }) => {
  const guest = await people.browser();
  await weaveNeighbourhood(people, town);
  await guest.open(town.view());
  await guest.expectMap();
  await expect.poll(async () => (await look(guest.page)).colours, 'many colours').toBeGreaterThan(40);
});

test('where the map has come to rest is in the address, and reloading looks there again', async ({ people, town }) => {
  const guest = await people.browser();
  await guest.open(town.view(15));
  await guest.expectMap();
  const before = guest.page.url();
  await guest.page.mouse.move(200, 250);
  await guest.page.mouse.down();
  await guest.page.mouse.move(120, 180, { steps: 8 });
  await guest.page.mouse.up();
  await expect.poll(() => guest.page.url()).not.toBe(before);
  await expect.poll(() => guest.page.url()).toMatch(/\?@-?\d+\.\d+,-?\d+\.\d+,\d+(\.\d+)?$/);
  await guest.settled();
  const moved = guest.page.url();
  const rest = moved.slice(moved.indexOf('@'));
  await guest.open(moved);
  await guest.expectMap();
  expect(guest.page.url().slice(guest.page.url().indexOf('@'))).toBe(rest);
});

test('a map that the panel covers takes neither keys nor taps, and takes them again', async ({ people, town }) => {
  const guest = await people.browser();
  await guest.open(town.view());
  await guest.expectMap();
  const map = guest.page.getByRole('region', { name: word('map_label'), exact: true });
  const reached = async () => {
    await guest.page.getByRole('banner').getByRole('link', { name: word('site') }).focus();
    // Backwards from the page's first link there is the map, where it can be reached.
    for (const key of ['Shift+Tab', 'Shift+Tab']) await guest.page.keyboard.press(key);
    return guest.page.evaluate(() => document.querySelector('#map')!.contains(document.activeElement));
  };
  await expect(map).toBeVisible();
  expect(await reached()).toBe(true);
  await guest.page.getByRole('button', { name: word('sheet_half') }).click();
  await expect(guest.page.locator('#map')).toHaveJSProperty('inert', true);
  expect(await reached()).toBe(false);
  await guest.page.getByRole('button', { name: word('sheet_full') }).click();
  await expect(map).toBeVisible();
  expect(await reached()).toBe(true);
});

test('too wide a view says so and asks to zoom in', async ({ people, town }) => {
  const guest = await people.browser();
  await guest.open(town.view(6));
  await guest.expectMap();
  await expect(guest.main).toContainText(word('zoom_in'));
  // Nothing is heard, so nothing is called live, and the list says how old it is.
  await expect(guest.line).toContainText(word('line_deaf'));
  await expect(guest.main).toContainText(word('home_deaf'));
  // Each tap goes some steps nearer; the button goes when it is near enough.
  await expect(async () => {
    const nearer = guest.main.getByRole('button', { name: word('nearer') }).first();
    if (await nearer.isVisible()) await nearer.click({ timeout: 2000 });
    await expect(guest.line).toContainText(word('line_live'), { timeout: 2000 });
  }).toPass();
});

test('farther out knots are counted, live, as balls of wool; a tap on one goes nearer', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const knot = () =>
    people.does(anna, {
      act: 'knot-node',
      node: uuid7(),
      kind: 'idea',
      title: 'Wolle',
      text: '',
      place: town.at(),
      starts_at: null,
    });
  const guest = await people.browser();
  await guest.open(town.view(10.5));
  await guest.expectMap();
  await guest.expectLive();
  await guest.settled();
  const empty = await look(guest.page);
  for (let i = 0; i < 3; i += 1) await knot();
  const pattern = new RegExp(word('count_many', { n: '(\\d+)' }).replace('.', '\\.'));
  const counted = async (): Promise<number> => Number(pattern.exec((await guest.main.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(counted).toBeGreaterThanOrEqual(3);
  const before = await counted();
  await knot();
  await expect.poll(counted, 'it is counted without a reload').toBeGreaterThan(before);
  await expect(guest.main.locator('.tally'), 'the list says the same').toHaveText(word('home_many', { n: await counted() }));
  const zoom = (): number => Number(guest.page.url().split(',').at(-1));
  // A ball hangs in the middle of what it counts, which is not where the town is.
  await expect.poll(async () => (await look(guest.page, empty.png)).changed, 'a ball is drawn').toBeGreaterThan(100);
  const { x, y } = (await look(guest.page, empty.png)).nearest;
  await guest.page.touchscreen.tap(x, y);
  await expect.poll(zoom).toBeGreaterThan(12);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing to complain about beside a drawn map, ${colorScheme}`, async ({ people, town }) => {
    const anna = await people.browser(await people.register('Anna', { show: 'exact', place: town.at(60, 60) }));
    await anna.page.emulateMedia({ colorScheme });
    await anna.open(town.view());
    await anna.expectMap();
    await expectAccessible(anna.page, 'the list');
    await anna.weave({ title: 'Wolle' });
    await anna.expectWaiting(0);
    await expectAccessible(anna.page, 'a knot');
  });
}

test('what lies at one place is drawn apart, each to be tapped, and the thread between is seen', async ({ people, town }) => {
  const person = await people.register('Anna', { show: 'exact', place: town.at() });
  const anna = await people.browser(person);
  await anna.open(town.view(16));
  await anna.expectMap();
  await anna.expectLive();
  const knot = (title: string) =>
    people.does(person, { act: 'knot-node', node: uuid7(), kind: 'tool', title, text: '', place: town.at(), starts_at: null });
  const alone = await look(anna.page);
  await knot('Säge 🪚');
  await expect(anna.knot('Säge 🪚')).toBeVisible();
  await knot('Leiter');
  await expect(anna.knot('Leiter')).toBeVisible();
  await expect.poll(async () => (await look(anna.page, alone.png)).changed).toBeGreaterThan(800);
  const { width, height } = anna.page.viewportSize()!;
  const middle = { x: width / 2, y: height * 0.225 + HEADER / 2 };
  // The spool is the oldest and stays in the middle, what came after it lies around it.
  for (const [beside, title] of [[0, 'Anna'], [-58, 'Säge 🪚'], [58, 'Leiter']] as const) {
    await anna.home();
    await anna.page.touchscreen.tap(middle.x, middle.y + beside);
    await expect(anna.heading(title)).toBeVisible();
  }
});

test('from too far out a form asks to go nearer, and places when one is near', async ({ people }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open('/?@50.10000,9.80000,4.00');
  await anna.expectMap();
  await anna.fillIn({ title: 'Irgendwo in Europa' });
  await anna.send();
  await expect(anna.main).toContainText(word('denied_far'));
  await expect(anna.page.locator('.map-mark'), 'no place is meant').toHaveCount(0);
  const zoom = (): number => Number(anna.page.url().split(',').at(-1));
  // A tap is no place either, but where to go nearer.
  const { width, height } = anna.page.viewportSize()!;
  await anna.page.touchscreen.tap(width / 2, height * 0.225 + HEADER / 2);
  await expect.poll(zoom).toBe(7);
  for (const near of [10, 13]) {
    await anna.main.getByRole('button', { name: word('nearer') }).click();
    await expect.poll(zoom).toBe(near);
  }
  await expect(anna.main).not.toContainText(word('denied_far'));
  await expect(anna.titleField, 'what was typed is still there').toHaveValue('Irgendwo in Europa');
  await expect(anna.page.locator('.map-mark')).toBeVisible();
  await anna.send();
  await expect(anna.heading('Irgendwo in Europa')).toBeVisible();
  await anna.expectWaiting(0);
});

test('a knot is moved with the needle by keys, and to the middle of the map', async ({ people, town, api }) => {
  const person = await people.register('Anna');
  const node = uuid7();
  await people.does(person, { act: 'knot-node', node, kind: 'tool', title: 'Leiter', text: '', place: town.at(), starts_at: null });
  const anna = await people.browser(person);
  await anna.open(town.view(16, `/knoten/${node}`));
  await anna.expectMap();
  await anna.expectLive();
  const places = async () =>
    (await api.log())
      .filter((line) => line.payload.type === 'KnotenGeaendert' && line.tie?.to === node)
      .map((line) => line.payload['place'] as { lat: number; lon: number });
  await anna.change();
  await anna.page.getByRole('button', { name: word('map_mark') }).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowUp']) await anna.page.keyboard.press(key);
  await expect(anna.main).toContainText(word('change_place_moved'));
  await expectAccessible(anna.page, 'a moved knot');
  await anna.save();
  await expect.poll(async () => (await places()).length).toBe(1);
  const [moved] = await places();
  expect(moved!.lon).toBeGreaterThan(town.at().lon);
  expect(moved!.lat).toBeGreaterThan(town.at().lat);
  await anna.expectWaiting(0);
  await anna.change();
  await anna.page.getByRole('application').focus();
  await anna.page.keyboard.press('ArrowLeft');
  await expect.poll(() => anna.page.url()).not.toContain(town.view(16).slice(2));
  await anna.settled();
  await anna.main.getByRole('button', { name: word('change_place_middle') }).click();
  await anna.save();
  await expect.poll(async () => (await places()).length).toBe(2);
  expect((await places())[1]!.lon, 'where the map was moved to').toBeLessThan(town.at().lon);
});

test('a thread fades while one looks, and yarn does not', async ({ people, town }) => {
  const anna = await people.register('Anna', { show: 'exact', place: town.at(-400, 0) });
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Fern', text: '', place: town.at(400, 0), starts_at: null });
  // Neither spool nor knot is in the picture, only what is between them.
  const sixDaysLater = async () => {
    const guest = await people.browser();
    await guest.page.clock.install();
    await guest.open(town.view(16));
    await guest.expectMap();
    await expect.poll(async () => (await look(guest.page)).colours, 'a thread is drawn').toBeGreaterThan(1);
    await guest.settled();
    let fresh = await look(guest.page);
    const isStill = async () => {
      const next = await look(guest.page, fresh.png, 30);
      fresh = next;
      return next.changed;
    };
    await expect.poll(isStill, 'it has come to rest').toBe(0);
    await guest.page.clock.fastForward(6 * 24 * 60 * 60 * 1000);
    return { guest, fresh };
  };
  const thread = await sixDaysLater();
  await expect
    .poll(async () => (await look(thread.guest.page, thread.fresh.png, 30)).changed, 'it is paler')
    .toBeGreaterThan(100);
  await people.twistAll(anna, node);
  const yarn = await sixDaysLater();
  await yarn.guest.settled();
  await expect.poll(async () => (await look(yarn.guest.page, yarn.fresh.png, 30)).changed, 'yarn stays').toBeLessThan(20);
});

test('a browser whose clock is wrong by days shows each thread as old as it is', async ({ people, town }) => {
  const anna = await people.register('Anna', { show: 'exact', place: town.at(-400, 0) });
  await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'idea', title: 'Fern', text: '', place: town.at(400, 0), starts_at: null });
  const seen = async (clock?: Date) => {
    const guest = await people.browser();
    if (clock) await guest.page.clock.install({ time: clock });
    await guest.open(town.view(16));
    await guest.expectMap();
    await guest.expectLive();
    await expect.poll(async () => (await look(guest.page)).colours, 'a thread is drawn').toBeGreaterThan(1);
    await guest.settled();
    return guest;
  };
  const right = await look((await seen()).page);
  const wrong = await seen(new Date(Date.now() + 6 * 24 * 60 * 60 * 1000));
  await expect.poll(async () => (await look(wrong.page, right.png, 30)).changed).toBeLessThan(20);
});

test('what the open panel is about is lit, by a tap as by link, until it is closed', async ({ people, town }) => {
  const anna = await people.register('Anna', { show: 'exact', place: town.at(0, 120) });
  const [near, far] = [uuid7(), uuid7()];
  for (const [node, title, east] of [[near, 'Ei', -90], [far, 'Huhn', 110]] as const) {
    await people.does(anna, { act: 'knot-node', node, kind: 'tool', title, text: '', place: town.at(east, 0), starts_at: null });
  }
  const guest = await people.browser();
  await guest.open(town.view(16));
  await guest.expectMap();
  await guest.expectLive();
  await expect.poll(async () => (await look(guest.page)).colours).toBeGreaterThan(20);
  await guest.settled();
  // The spool has turned for the last time, and every name has come.
  let before = await look(guest.page);
  await expect
    .poll(async () => {
      const after = await look(guest.page, before.png, 12);
      before = after;
      return after.changed;
    }, { intervals: [1500] })
    .toBe(0);
  // Some eleven hundred pixels step back; a name that takes another side of its knot afterwards changes two hundred.
  const back = () => expect.poll(async () => (await look(guest.page, before.png)).changed, 'nothing is lit').toBeLessThan(400);
  const lit = () => expect.poll(async () => (await look(guest.page, before.png)).changed, 'the rest has stepped back').toBeGreaterThan(700);
  // By a finger: a mouse that stays on the line in the list shows whose it is.
  await guest.knot('Ei').tap();
  await expect(guest.heading('Ei')).toBeVisible();
  await lit();
  await guest.page.keyboard.press('Escape');
  await expect(guest.heading(word('home_title'))).toBeVisible();
  await back();
  const { width, height } = guest.page.viewportSize()!;
  await guest.page.touchscreen.tap(width / 2 - 90 * 1.22, height * 0.225 + HEADER / 2);
  await expect(guest.page).toHaveURL(/\/knoten\//);
  await lit();
  await guest.page.goBack();
  await back();
  await guest.open(town.view(16, `/knoten/${near}`));
  await guest.expectMap();
  await lit();
});

for (const [way, reducedMotion] of [['gliding there', 'no-preference'], ['at once', 'reduce']] as const) {
  test(`a tap on a thread opens it, lit between its ends, ${way}`, async ({ people, town }) => {
    const guest = await people.browser();
    await guest.page.emulateMedia({ reducedMotion });
    await guest.open(town.view(16));
    await guest.expectMap();
    await guest.expectLive();
    await guest.settled();
    const empty = await look(guest.page);
    const anna = await people.register('Anna', { show: 'exact', place: town.at(-400, 0) });
    await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'idea', title: 'Fern', text: '', place: town.at(400, 0), starts_at: null });
    // Neither spool nor knot is in the picture, only what is between them.
    await expect.poll(async () => (await look(guest.page, empty.png)).changed, 'a thread is drawn').toBeGreaterThan(100);
    const { x, y } = (await look(guest.page, empty.png)).nearest;
    await guest.page.touchscreen.tap(x, y);
    await expect(guest.page).toHaveURL(/\/faden\//);
    await expect(guest.heading(`Anna ${word('thread_create')}`)).toBeVisible();
    await expect(guest.main.getByRole('link', { name: 'Fern' })).toBeVisible();
    await expectAccessible(guest.page, 'a thread');
    await guest.page.goBack();
    await expect(guest.heading(word('home_title'))).toBeVisible();
  });
}

test('what a lens hides is hidden on the map too', async ({ people, town }) => {
  const anna = await people.register('Anna');
  for (const [kind, north] of [['tool', 60], ['idea', -60]] as const) {
    await people.does(anna, { act: 'knot-node', node: uuid7(), kind, title: 'Ei', text: '', place: town.at(0, north), starts_at: null });
  }
  const guest = await people.browser();
  await guest.open(town.view(16));
  await guest.expectMap();
  await guest.expectLive();
  await guest.settled();
  let whole = await look(guest.page);
  await expect
    .poll(async () => {
      const next = await look(guest.page, whole.png);
      whole = next;
      return next.changed;
    }, 'it has come to rest')
    .toBe(0);
  const { width, height } = guest.page.viewportSize()!;
  const knot = (south: number) => guest.page.screenshot({ clip: { x: width / 2 - 20, y: height * 0.225 + HEADER / 2 + south - 20, width: 40, height: 40 } });
  const lenses = guest.main.getByRole('navigation', { name: word('lens_title') });
  await lenses.getByRole('link', { name: word('kind_tool') }).tap();
  await expect.poll(async () => colours(guest.page, await knot(72)), 'the other one has gone').toBe(1);
  expect(await colours(guest.page, await knot(-72)), 'what is seen stays').toBeGreaterThan(1);
  await guest.page.locator('.lensed').getByRole('link').tap();
  await expect.poll(async () => colours(guest.page, await knot(72)), 'it is back').toBeGreaterThan(1);
});

test('whose spool acts, it turns for a while and comes to rest', async ({ people, town }) => {
  const bert = await people.register('Bert', { show: 'exact', place: town.at() });
  const guest = await people.browser();
  await guest.open(town.view(17));
  await guest.expectMap();
  await guest.expectLive();
  const { width, height } = guest.page.viewportSize()!;
  const clip = { x: width / 2 - 8, y: height * 0.225 + HEADER / 2 - 8, width: 16, height: 16 };
  let last = await guest.page.screenshot({ clip });
  const isAnother = async () => {
    const next = await guest.page.screenshot({ clip });
    const is = !next.equals(last);
    last = next;
    return is;
  };
  // Having registered, it may still turn.
  await expect.poll(isAnother, { message: 'it is at rest', intervals: [1000] }).toBe(false);
  const node = uuid7();
  await people.does(bert, { act: 'knot-node', node, kind: 'idea', title: 'Fern', text: '', place: town.at(900, 0), starts_at: null });
  let turns = 0;
  // Each act makes it turn for seven seconds, in which a slow machine takes few pictures; a thread that comes changes one of them.
  const turned = async () => {
    await people.does(bert, { act: 'join-node', node });
    return (turns += Number(await isAnother()));
  };
  await expect.poll(turned, { message: 'it turns', intervals: [150] }).toBeGreaterThan(2);
  await expect.poll(isAnother, { message: 'it has come to rest', intervals: [1000] }).toBe(false);
});

test('what a finger meets on the map is large enough', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view(16));
  await anna.expectMap();
  await anna.fillIn({ title: 'Ei' });
  await expect(anna.page.locator('.map-mark')).toBeVisible();
  const small = await anna.page.evaluate(() => {
    const found: string[] = [];
    for (const target of document.querySelectorAll('#map :is(button, a, [role=button])')) {
      const { width, height } = target.getBoundingClientRect();
      // A needle is taken by its head, and a finger beside it moves it all the same.
      if (width && (width < 44 || height < 44) && !target.matches('.map-mark')) found.push(`${target.className}: ${width} × ${height}`);
    }
    return found;
  });
  expect(small).toEqual([]);
});
