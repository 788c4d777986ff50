import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People, Person } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { like, word } from '../harness/words.ts';

const HOUR_MS = 60 * 60 * 1000;

/** A knot that its owner has changed twice from elsewhere. */
async function changedTwice(people: People, town: Town): Promise<{ anna: Person; node: string; path: string }> {
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Brot backen', text: 'Freitags um vier.', place: town.at(), starts_at: null });
  await people.does(anna, { act: 'change-node', node, based_on: 1, text: 'Samstags um vier.' });
  await people.does(anna, { act: 'change-node', node, based_on: 2, title: 'Kuchen backen', place: town.at(120, 0) });
  return { anna, node, path: `/knoten/${node}/verlauf` };
}

/** One version in the open history. */
const version = (app: AppPage, n: number) =>
  app.main.locator('.history > li').filter({ has: app.page.getByRole('heading', { name: word('history_version', { n }), exact: true }) });

const undo = (app: AppPage) => app.main.getByRole('button', { name: word('history_undo'), exact: true });

test('what was changed is read as a difference and undone in one tap, seen by a neighbour at once', async ({ people, town, api }) => {
  const { anna, node, path } = await changedTwice(people, town);
  const one = await people.browser(anna);
  const other = await people.browser(await people.register('Bert'));
  for (const app of [one, other]) {
    await app.open(town.view());
    await app.expectLive();
    await app.openKnot('Kuchen backen');
    await app.main.getByRole('link', { name: word('node_history', { n: 3 }) }).click();
    await expect(app.heading(word('history_title', { title: 'Kuchen backen' }))).toBeVisible();
    await expect(app.page).toHaveURL(new RegExp(path));
    await expect(app.page, 'the tab says so too').toHaveTitle(new RegExp(word('history_title', { title: 'Kuchen backen' })));
    await expect(version(app, 3).locator('del')).toHaveText('Brot');
    await expect(version(app, 3).locator('ins')).toHaveText('Kuchen');
    await expect(version(app, 3)).toContainText(like('history_moved'));
    await expect(version(app, 2).locator('del')).toHaveText('Freitags');
    await expect(version(app, 2).locator('ins')).toHaveText('Samstags');
    await expect(version(app, 1)).toContainText('Freitags um vier.');
    await expect(version(app, 2).getByRole('link', { name: 'Anna' })).toBeVisible();
    // In local time, as everywhere else.
    await expect(version(app, 2).locator('time')).not.toContainText('UTC');
  }
  await expectAccessible(one.page, 'a history');
  await expect(other.main).toContainText(like('refusal_node_not_yours'));
  await expect(other.main.locator('[data-act]')).toHaveCount(0);

  await undo(one).click();
  await expect(one.heading('Brot backen')).toBeVisible();
  await expect(one.page).toHaveURL(new RegExp(`/knoten/${node}\\?`));
  await one.expectWaiting(0);
  await expect.poll(() => api.node(node)).toEqual({ title: 'Brot backen', text: 'Samstags um vier.' });
  const [change] = (await api.log()).filter((line) => line.tie?.to === node && line.stream_version === 4);
  expect(change?.payload['text'], 'what did not differ is not said').toBeFalsy();
  // The neighbour's history is of now without a reload, and so is one's own on the way back.
  await expect(version(other, 4).locator('ins')).toHaveText('Brot');
  await one.page.goBack();
  await expect(one.heading(word('history_title', { title: 'Brot backen' }))).toBeVisible();
  await expect(version(one, 4).locator('ins')).toHaveText('Brot');
  await one.page.reload();
  await one.expectAwake();
  await expect(version(one, 2)).toContainText(word('history_same'));
  await expect(version(one, 2).locator('time'), 'also after a reload').not.toContainText('UTC');
  await version(one, 1).getByRole('button', { name: word('history_again') }).click();
  await expect(one.main).toContainText('Freitags um vier.');
  await one.expectWaiting(0);
  await expect.poll(() => api.node(node)).toEqual({ title: 'Brot backen', text: 'Freitags um vier.' });
});

test('what is undone on an older state comes back with both versions', async ({ people, town, guard, api }) => {
  guard.expects(...NO_NETWORK, status(409));
  const { anna, node, path } = await changedTwice(people, town);
  const app = await people.browser(anna);
  await app.open(path);
  await app.expectLive();
  await app.page.context().setOffline(true);
  await app.expectNotLive();
  await people.does(anna, { act: 'change-node', node, based_on: 3, text: 'Sonntags.' });
  await undo(app).click();
  await app.expectWaiting(1);
  await app.page.context().setOffline(false);
  await expect(app.version('version_other')).toContainText('Sonntags.', { timeout: 40_000 });
  await expect(app.version('version_mine')).toContainText('Brot backen');
  await app.decide('versions_mine');
  await expect.poll(() => api.node(node)).toEqual({ title: 'Brot backen', text: 'Sonntags.' });
});

test('without a network it says that it cannot be had, and comes when asked again', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const { anna, path } = await changedTwice(people, town);
  const app = await people.browser(anna);
  await app.open(town.view());
  await app.expectLive();
  await app.openKnot('Kuchen backen');
  await app.page.context().setOffline(true);
  await app.expectNotLive();
  await app.main.getByRole('link', { name: word('node_history', { n: 3 }) }).click();
  await expect(app.heading(word('away_title'))).toBeVisible();
  await expect(app.page).toHaveURL(new RegExp(path));
  await expectAccessible(app.page, 'a history that cannot be had');
  await app.main.getByRole('button', { name: word('line_again') }).last().click();
  await expect(app.heading(word('away_title'))).toBeVisible();
  await app.page.context().setOffline(false);
  // It is asked again by itself too; who is faster does not matter.
  await expect(app.heading(word('history_title', { title: 'Kuchen backen' }))).toBeVisible({ timeout: 40_000 });
  await expect(version(app, 3)).toBeVisible();
});

test('an event that is over becomes a place without retyping', async ({ people, town, api }) => {
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, {
    act: 'knot-node', node, kind: 'event', title: 'Straßenfest', text: 'Mit Musik.', place: town.at(), starts_at: Date.now() - HOUR_MS,
  });
  const app = await people.browser(anna);
  await app.open(town.view());
  await app.expectLive();
  await app.openKnot('Straßenfest');
  await expect(app.main.locator('.kind').first()).toHaveText(word('kind_event'));
  await app.main.getByRole('button', { name: word('node_keep_place'), exact: true }).click();
  await expect(app.main.locator('.kind').first()).toHaveText(word('kind_place'));
  await expect(app.main).not.toContainText(word('node_started'));
  await expect(app.main.getByRole('button', { name: word('node_keep_idea') })).toHaveCount(0);
  await app.expectWaiting(0);
  await app.page.reload();
  await app.expectAwake();
  await expect(app.main.locator('.kind').first()).toHaveText(word('kind_place'));
  expect(await api.node(node)).toEqual({ title: 'Straßenfest', text: 'Mit Musik.' });
  await app.main.getByRole('link', { name: word('node_history', { n: 2 }) }).click();
  await expect(version(app, 2).locator('del').first()).toHaveText(word('kind_event'));
  await expect(version(app, 2).locator('ins').first()).toHaveText(word('kind_place'));
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a history reads, page by page, and offers nothing that needs a script', async ({ app, people, town }) => {
    const anna = await people.register('Anna');
    const node = uuid7();
    await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Fest 1', text: '', place: town.at(), starts_at: null });
    for (let n = 1; n < 22; n += 1) await people.does(anna, { act: 'change-node', node, based_on: n, title: `Fest ${n + 1}` });
    await people.signIn(app.page.context(), anna);
    await app.page.goto(`/knoten/${node}`);
    await app.main.getByRole('link', { name: word('node_history', { n: 22 }) }).click();
    await expect(version(app, 22).locator('ins')).toHaveText('22');
    await expect(app.main.getByRole('button')).toHaveCount(0);
    await app.main.getByRole('link', { name: word('history_older') }).click();
    await expect(version(app, 1)).toContainText('Fest 1');
    await app.main.getByRole('link', { name: word('history_newest') }).click();
    await expect(version(app, 22)).toBeVisible();
  });
});
