import type { BrowserContext, Page } from '@playwright/test';

import { describe } from '../harness/api.ts';
import { AppPage } from '../harness/app.ts';
import { CONTEXTS } from '../harness/browser.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import type { People } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';

/** One person with two tabs of one browser, both open on the town. */
async function twoTabs(people: People, town: Town, url: string): Promise<{ first: AppPage; second: AppPage; context: BrowserContext }> {
  const first = await people.browser(await people.register('Anna'), url);
  const context = first.page.context();
  const second = new AppPage(await context.newPage());
  for (const tab of [first, second]) await tab.open(town.view());
  return { first, second, context };
}

for (const [kind, host] of CONTEXTS) {
  test.describe(`two tabs in ${kind} context`, () => {
    test('send every act once and never at the same time', async ({ people, town, api, guard, server }) => {
      guard.expects(...NO_NETWORK);
      const { first, second, context } = await twoTabs(people, town, `http://${host}:${server.port}`);
      for (const tab of [first, second]) await tab.expectLive();
      expect(await first.page.evaluate(() => 'locks' in navigator)).toBe(host === '127.0.0.1');
      const before = await api.head();
      await context.setOffline(true);
      const titles: string[] = [];
      for (let round = 1; round <= 3; round += 1) {
        for (const [name, tab] of [['erster', first], ['zweiter', second]] as const) {
          titles.push(`Runde ${round}, ${name} Reiter`);
          await tab.front();
          await tab.weave({ title: titles.at(-1)! });
        }
      }
      for (const tab of [first, second]) await tab.expectWaiting(6);

      const sent = await watchSending(context);
      await context.setOffline(false);
      // Both go on while it is being sent.
      const later = ['Mitten im Senden', 'Und noch einer'];
      for (const [n, tab] of [second, first].entries()) {
        await tab.front();
        await tab.weave({ title: later[n]! });
      }
      for (const tab of [first, second]) await tab.expectWaiting(0);

      const woven = (await api.log(before)).map(describe);
      expect(woven.slice(0, 6), 'in the order in which it was done').toEqual(titles.map((title) => `KnotenGeknuepft ${title}`));
      expect(woven.slice(6)).toEqual(later.map((title) => `KnotenGeknuepft ${title}`));
      await expect.poll(() => sent.answers.length, 'each is answered').toBeGreaterThanOrEqual(8);
      expect(sent.answers, 'and then not sent again').toEqual([...new Set(sent.answers)]);
      expect(sent.answers).toHaveLength(8);
      expect(sent.atOnceMax, 'by one tab at a time').toBe(1);
    });

    test('what is withdrawn in one is not sent by the other, the newest least of all', async ({
      people,
      town,
      api,
      guard,
      server,
    }) => {
      guard.expects(...NO_NETWORK);
      const { first, second, context } = await twoTabs(people, town, `http://${host}:${server.port}`);
      const before = await api.head();
      await context.setOffline(true);
      await first.front();
      for (const title of ['Bleibt', 'Wird zurückgenommen']) await first.weave({ title });
      await second.expectWaiting(2);
      await first.me();
      await first.withdrawButton('Wird zurückgenommen').click();
      for (const tab of [first, second]) await tab.expectWaiting(1);
      // Only the one that did not withdraw it is left to send.
      await first.page.close();
      await context.setOffline(false);
      await second.expectWaiting(0);
      expect((await api.log(before)).map(describe)).toEqual(['KnotenGeknuepft Bleibt']);
    });

    test('when the one that sends dies in the middle of it, the other takes over', async ({
      people,
      town,
      api,
      guard,
      server,
    }) => {
      guard.expects(...NO_NETWORK);
      const { first, second, context } = await twoTabs(people, town, `http://${host}:${server.port}`);
      const before = await api.head();
      // Whichever sends first gets no answer.
      let hangs: (page: Page) => void;
      const hanging = new Promise<Page>((resolve) => (hangs = resolve));
      let sends = 0;
      await context.route('**/api/commands', (route) => {
        sends += 1;
        if (sends > 1) return route.continue();
        hangs(route.request().frame().page());
        return undefined;
      });
      await first.front();
      await first.weave({ title: 'Ein Reiter stirbt' });
      const dying = await hanging;
      const other = dying === first.page ? second : first;
      await other.expectWaiting(1);
      const crashed = dying.waitForEvent('crash');
      const debug = await dying.context().newCDPSession(dying);
      debug.send('Page.crash').catch(() => undefined);
      await crashed;
      await other.front();
      await other.weave({ title: 'Der andere lebt' });
      await other.expectWaiting(0);
      expect((await api.log(before)).map(describe)).toEqual(['Ein Reiter stirbt', 'Der andere lebt'].map((title) => `KnotenGeknuepft ${title}`));
    });
  });
}

/**
 * Holds every command that leaves a context's pages until every page had its turn to send another, and notes
 * those that are answered: one whose answer got lost is sent again.
 */
async function watchSending(context: BrowserContext): Promise<{ answers: string[]; atOnceMax: number }> {
  const sent = { answers: [] as string[], atOnceMax: 0 };
  let held = 0;
  const turn = (page: Page) => page.evaluate(() => new Promise((done) => setTimeout(done)));
  await context.route('**/api/commands', async (route) => {
    held += 1;
    sent.atOnceMax = Math.max(sent.atOnceMax, held);
    for (const page of context.pages()) await turn(page);
    held -= 1;
    await route.continue();
  });
  context.on('response', (response) => {
    if (!response.url().endsWith('/api/commands') || !response.ok()) return;
    sent.answers.push(response.request().postDataJSON().command.id as string);
  });
  return sent;
}
