import type { BrowserContext } from '@playwright/test';

import { describe, describeAll } from '../harness/api.ts';
import { AppPage } from '../harness/app.ts';
import { CONTEXTS } from '../harness/browser.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People, Person } from '../harness/people.ts';
import { Profile } from '../harness/profile.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';

test('three acts done offline wait with a count, and arrive once and in order', async ({ people, town, api, guard }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  const bert = await people.browser(await people.register('Bert'));
  await bert.open(town.view());
  await anna.open(town.view());
  await anna.expectLive();
  await bert.expectLive();
  const before = await api.head();

  await anna.page.context().setOffline(true);
  await anna.expectNotLive();
  const titles = ['Erstens ein Beet', 'Zweitens ein Fest', 'Drittens ein Werkzeug'];
  for (const title of titles) {
    await anna.weave({ title });
  }
  await anna.expectWaiting(3);
  expect(await api.log(before)).toEqual([]);

  await anna.page.context().setOffline(false);
  for (const title of titles) await expect(bert.knot(title)).toBeVisible();
  await anna.expectWaiting(0);
  await anna.expectLive();
  expect((await api.log(before)).map(describe)).toEqual(titles.map((title) => `KnotenGeknuepft ${title}`));
});

for (const [context, host] of CONTEXTS) {
  test(`the renderer is killed with 50 acts waiting in ${context} context: 49 arrive, one comes back`, async ({
    people,
    town,
    api,
    server,
    guard,
  }) => {
    test.setTimeout(180_000);
    guard.expects(...NO_NETWORK, status(409));
    const url = `http://${host}:${server.port}`;
    const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
    const known = await prepare(people, bert, town);
    const profile = await Profile.make(guard);
    try {
      const opened = await profile.open(url);
      await people.signIn(opened, anna, url);
      await cut(opened);
      const app = new AppPage(opened.pages()[0]!);
      await app.open(town.view());
      expect(await app.page.evaluate(() => isSecureContext)).toBe(host === '127.0.0.1');
      for (const title of known) await expect(app.knot(title).first()).toBeVisible();

      const before = await api.head();
      const acts = await doFiftyActs(app, known);
      // At once: what the page has said yes to is on disk.
      await profile.killRenderers();
      expect(acts).toHaveLength(49);
      await profile.close();
      expect(await api.head(), 'nothing had left').toBe(before);

      const again = new AppPage((await profile.open(url)).pages()[0]!);
      await again.open(town.view());
      await expect
        .poll(async () => (await api.log(before)).filter((line) => line.actor.role === anna.role).length, {
          timeout: 60_000,
        })
        .toBe(49);
      await expect(again.main.getByRole('status').filter({ hasText: REFUSED.title }), 'without a tap').toBeVisible();
      await again.expectWaiting(0);
      await again.me();
      await expect(again.refused(REFUSED.title)).toContainText(REFUSED.text);
      const done = (await api.log(before)).filter((line) => line.actor.role === anna.role);
      expect(describeAll(done, await api.log())).toEqual(acts);
    } finally {
      await profile.remove();
    }
  });
}

const REFUSED = { title: 'Fest in drei Jahren', text: 'Wir stellen lange Tische in die Gasse.' };

/** Ten knots of someone else, to be joined. */
async function prepare(people: People, person: Person, town: Town): Promise<string[]> {
  const titles: string[] = [];
  for (let count = 1; count <= 10; count += 1) {
    const title = `Berts Knoten ${count}`;
    titles.push(title);
    const place = town.at(count * 20, -30);
    await people.does(person, { act: 'knot-node', node: uuid7(), kind: 'bed', title, text: '', place, starts_at: null });
  }
  return titles;
}

/** No command leaves and no socket opens; pages and files still come. */
async function cut(context: BrowserContext): Promise<void> {
  await context.route('**/api/commands', (route) => route.abort('internetdisconnected'));
  await context.routeWebSocket(/\/ws$/, (socket) => socket.close({ code: 1001 }));
}

/** Fifty acts of every kind; answers with what the log shall say of the 49 that are allowed. */
async function doFiftyActs(app: AppPage, known: string[]): Promise<string[]> {
  const acts: string[] = [];
  for (let count = 1; count <= 12; count += 1) {
    const title = `Knoten ${count}`;
    await app.weave({ title, text: `Text von ${title}` });
    await expect(app.heading(title)).toBeVisible();
    await app.twist();
    await app.untwist();
    acts.push(`KnotenGeknuepft ${title}`, `FadenVerzwirnt ${title}`, `FadenEntzwirnt ${title}`);
    if (count === 6) {
      await weaveWithAWrongClock(app);
    }
  }
  for (const title of known) {
    await app.openKnot(title);
    await app.join();
    acts.push(`KnotenBeigetreten ${title}`);
  }
  await app.rename('Anna von gegenüber');
  acts.push('RolleUmbenannt');
  await app.place('hidden');
  acts.push('RollePlatziert');
  await app.weave({ title: 'Der letzte Knoten' });
  acts.push('KnotenGeknuepft Der letzte Knoten');
  return acts;
}

/** An event that is near by the device's clock and three years away by the server's: only the server can refuse it. */
async function weaveWithAWrongClock(app: AppPage): Promise<void> {
  const ahead = 3 * 366 * 24 * 60 * 60 * 1000;
  const turn = (ms: number) =>
    app.page.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
      // The page moves its time on when someone looks at it again.
      document.dispatchEvent(new Event('visibilitychange'));
    }, ms);
  await turn(ahead);
  await app.weave({ ...REFUSED, kind: 'event', startsAt: new Date(Date.now() + ahead + 24 * 60 * 60 * 1000) });
  await turn(-ahead);
}
