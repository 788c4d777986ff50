import { describe } from '../harness/api.ts';
import type { AppPage } from '../harness/app.ts';
import { WIDE } from '../harness/browser.ts';
import { figure } from '../harness/figure.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import { parent, resolution, uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { Town } from '../harness/town.ts';
import { Wire } from '../harness/wire.ts';
import { word } from '../harness/words.ts';

for (const lang of ['de', 'en'] as const) {
  test(`on two desktops in the dark, too, what one weaves the other sees, in ${lang}`, async ({ people, town }) => {
    const browsers = [await people.browser(await people.register('Anna', { show: 'exact', place: town.at(120, 80) })), await people.browser()];
    const [anna, guest] = browsers as [AppPage, AppPage];
    for (const someone of browsers) {
      await someone.page.setViewportSize(WIDE.viewport);
      await someone.page.emulateMedia({ colorScheme: 'dark' });
      await someone.open(`${town.view()}&lang=${lang}`);
      await expect(someone.page.locator('[data-line="live"]')).toBeAttached();
    }
    await anna.open(town.view(15, '/weben'));
    await anna.main.getByLabel(word('weave_name', {}, lang)).fill('Apfelpresse');
    await anna.main.getByRole('button', { name: word('weave_submit', {}, lang), exact: true }).click();
    await expect(guest.knot('Apfelpresse')).toBeVisible();
    await expect(guest.knot('Apfelpresse')).toContainText(word('threads_one', {}, lang));
  });
}

test('a knot woven in one browser arrives in another with its thread, through its one socket', async ({
  people,
  town,
  api,
}) => {
  const elsewhere = new Town();
  const stranger = await people.register('Cem');
  const anna = await people.browser(await people.register('Anna', { show: 'exact', place: town.at(120, 80) }));
  const bert = await people.browser(await people.register('Bert'));
  const cem = await people.browser(stranger);
  const [bertsWire, cemsWire] = [new Wire(bert.page), new Wire(cem.page)];
  await bert.open(town.view());
  await cem.open(elsewhere.view());
  await anna.open(town.view());
  for (const someone of [anna, bert, cem]) await someone.expectLive();
  await expect.poll(() => bertsWire.answered, 'Bert holds his rooms').toBe(true);
  await expect.poll(() => cemsWire.answered, 'so does Cem').toBe(true);
  await bert.settled();
  expect(bertsWire.sockets).toEqual(['/ws']);
  const rooms = bertsWire.wished;
  bertsWire.reset();
  cemsWire.reset();
  const before = await api.head();

  await anna.fillIn({ title: 'Apfelpresse ausleihen', text: 'Steht im Hof, bitte nach dem Spülen zurück.' });
  const clicked = performance.now();
  await anna.send();
  await expect(bert.knot('Apfelpresse ausleihen')).toBeVisible();
  figure('from a click to being seen in the second browser', clicked);
  await expect(anna.heading('Apfelpresse ausleihen')).toBeVisible();
  await expect(bert.knot('Apfelpresse ausleihen')).toContainText(word('threads_one'));

  await test.step('the frame names the room, and the room is where the knot is', async () => {
    const [event] = (await api.log(before)).filter((line) => line.payload.type === 'KnotenGeknuepft');
    const named = bertsWire.roomsOf('Apfelpresse ausleihen');
    expect(named).toHaveLength(1);
    expect(rooms).toContain(named[0]);
    expect(parent(event!.cell!, resolution(named[0]!))).toBe(named[0]);
  });
  await test.step('nothing but the one socket was used', async () => {
    expect(bertsWire.requests).toEqual([]);
    expect(bertsWire.sockets).toEqual([]);
  });
  await test.step('the other way round', async () => {
    await anna.home();
    await bert.weave({ title: 'Kelterabend' });
    await expect(anna.knot('Kelterabend')).toBeVisible();
  });
  await test.step('a browser over another town got no frame', async () => {
    expect(bertsWire.updates.length, 'who listens to the town did').toBeGreaterThan(0);
    // What is woven there afterwards comes later in the log: then all the rest had its time to arrive.
    await people.does(stranger, {
      act: 'knot-node',
      node: uuid7(),
      kind: 'idea',
      title: 'Fern von hier',
      text: '',
      place: elsewhere.at(),
      starts_at: null,
    });
    await expect(cem.knot('Fern von hier')).toBeVisible();
    // The one update that its socket received since before the first act is that of this last one.
    const [update, ...others] = cemsWire.updates;
    expect(others).toEqual([]);
    const rooms = update!.rooms!.map(({ cell, full, patch }) => [cell, (full ?? patch)?.nodes?.map(({ title }) => title)]);
    expect(rooms).toEqual(cemsWire.roomsOf('Fern von hier').map((cell) => [cell, ['Fern von hier']]));
    expect(cemsWire.heard.map(({ t }) => t).filter((t) => !['rooms', 'pong'].includes(t))).toEqual([]);
  });
});

test('what arrived is there after a reload, and what is woven then arrives too', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna'));
  const bert = await people.browser(await people.register('Bert'));
  await anna.open(town.view());
  await bert.open(town.view());
  await anna.expectLive();
  await bert.expectLive();
  await anna.weave({ title: 'Vor dem Neuladen' });
  await expect(bert.knot('Vor dem Neuladen')).toBeVisible();
  await bert.open(town.view());
  await expect(bert.knot('Vor dem Neuladen')).toBeVisible();
  await bert.expectLive();
  await anna.weave({ title: 'Nach dem Neuladen' });
  await expect(bert.knot('Nach dem Neuladen')).toBeVisible();
  await expect(bert.knot('Vor dem Neuladen')).toHaveCount(1);
});

test('control: without the socket nothing arrives, and the page does not say live', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  const bert = await people.browser(await people.register('Bert'));
  const deaf = await people.browser(await people.register('Dora'));
  await deaf.page.routeWebSocket(/\/ws$/, (socket) => socket.close({ code: 1001 }));
  // Nor does it get an answer to what it asks now and then in its stead.
  await deaf.page.route('**/api/page?**', (route) => route.abort());
  await deaf.open(town.view());
  await bert.open(town.view());
  await anna.open(town.view());
  await bert.expectLive();
  await anna.weave({ title: 'Hört das jemand?' });
  await expect(bert.knot('Hört das jemand?')).toBeVisible();
  await expect(deaf.knot('Hört das jemand?')).toHaveCount(0);
  await deaf.expectNotLive();
  // It is there and the page could show it: only the socket was missing.
  await deaf.open(town.view());
  await expect(deaf.knot('Hört das jemand?')).toBeVisible();
});

test('after the server was killed and started again both browsers are live by themselves', async ({
  people,
  town,
  server,
  guard,
  api,
}) => {
  test.slow();
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  const bert = await people.browser(await people.register('Bert'));
  await anna.open(town.view());
  await bert.open(town.view());
  await anna.expectLive();
  await bert.expectLive();
  const before = await api.head();
  await anna.weave({ title: 'Vor dem Absturz' });
  await expect(bert.knot('Vor dem Absturz')).toBeVisible();
  for (const someone of [anna, bert]) await someone.mark();

  await server.kill();
  await anna.expectNotLive();
  await bert.expectNotLive();
  await anna.weave({ title: 'Mitten im Ausfall' });
  await expect(bert.knot('Mitten im Ausfall')).toHaveCount(0);
  await server.startAgain();

  await expect(bert.knot('Mitten im Ausfall')).toBeVisible({ timeout: 40_000 });
  await anna.expectLive();
  await bert.expectLive();
  await anna.home();
  await bert.weave({ title: 'Nach dem Ausfall' });
  await expect(anna.knot('Nach dem Ausfall')).toBeVisible();
  for (const someone of [anna, bert]) await someone.expectMarked();
  const woven = (await api.log(before)).map(describe);
  expect(woven).toEqual(['Vor dem Absturz', 'Mitten im Ausfall', 'Nach dem Ausfall'].map((title) => `KnotenGeknuepft ${title}`));
});

test('what is looked at before the channel has said hello is heard all the same', async ({ people, town }) => {
  const cem = await people.register('Cem');
  const first = uuid7();
  await people.does(cem, { act: 'knot-node', node: first, kind: 'tool', title: 'Leiter', text: '', place: town.at(), starts_at: null });
  const guest = await people.browser();
  let greet = () => {};
  let isOpen = () => {};
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  await guest.page.routeWebSocket(/\/ws$/, (socket) => {
    const held: (string | Buffer)[] = [];
    let isHeld = true;
    const server = socket.connectToServer();
    server.onMessage((message) => (isHeld ? void held.push(message) : socket.send(message)));
    greet = () => {
      isHeld = false;
      for (const message of held) socket.send(message);
    };
    isOpen();
  });
  await guest.open(town.view());
  await opened;
  // Its conversation is a room more; the map, where there is one, moves too.
  await guest.knot('Leiter').click();
  await expect(guest.heading('Leiter')).toBeVisible();
  greet();
  await guest.expectLive();
  await people.does(cem, { act: 'send-message', message: uuid7(), node: first, text: 'Sie steht im Flur.' });
  await expect(guest.main).toContainText('Sie steht im Flur.');
  await people.does(cem, { act: 'knot-node', node: uuid7(), kind: 'idea', title: 'Flohmarkt', text: '', place: town.at(40), starts_at: null });
  await guest.home();
  await expect(guest.knot('Flohmarkt')).toContainText(word('threads_one'));
});
