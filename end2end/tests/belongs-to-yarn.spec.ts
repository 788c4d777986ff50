import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

const TITLE = 'Brot backen';

test('one joins with interest, comes and looks after it, and those who look after it stand first', async ({ people, town, api }) => {
  const anna = await people.register('Anna');
  const ben = await people.register('Ben');
  const cem = await people.register('Cem');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: TITLE, text: '', place: town.at(), starts_at: null });
  await people.does(cem, { act: 'join-node', node });
  const browser = await people.browser(ben);
  await browser.open(town.view());
  await browser.expectLive();
  await browser.openKnot(TITLE);
  const level = (key: 'node_interest' | 'node_join' | 'node_care') => browser.main.getByRole('button', { name: word(key), exact: true });
  await expect(level('node_join')).toHaveAttribute('aria-pressed', 'false');
  await level('node_join').click();
  await expect(level('node_join')).toHaveAttribute('aria-pressed', 'true');
  await level('node_care').click();
  await expect(level('node_care')).toHaveAttribute('aria-pressed', 'true');
  await expect(level('node_join')).toHaveAttribute('aria-pressed', 'false');
  const facts = browser.main.locator('.facts').first();
  await expect(facts).toContainText(`${word('node_carers')}Ben`);
  await expect(facts).toContainText(`${word('node_interested')}Cem`);
  await browser.expectWaiting(0);
  const joined = (await api.log()).filter((line) => line.payload.type === 'KnotenBeigetreten' && line.tie?.from === ben.role);
  expect(joined.map((line) => line.payload['level'])).toEqual(['promise', 'responsibility']);
  await expectAccessible(browser.page, 'a knot that one takes part in');
});

test('a level that is changed without a network is kept and arrives', async ({ people, town, api, guard }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.register('Anna');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: TITLE, text: '', place: town.at(), starts_at: null });
  const browser = await people.browser(anna);
  await browser.open(town.view());
  await browser.expectLive();
  await browser.openKnot(TITLE);
  await browser.page.context().setOffline(true);
  const care = browser.main.getByRole('button', { name: word('node_care'), exact: true });
  await care.click();
  await expect(care).toHaveAttribute('aria-pressed', 'true');
  await browser.page.context().setOffline(false);
  await browser.expectWaiting(0);
  const joined = (await api.log()).filter((line) => line.payload.type === 'KnotenBeigetreten' && JSON.stringify(line).includes(node));
  expect(joined.map((line) => line.payload['level'])).toEqual(['responsibility']);
});

test('who twists picks what the yarn covers, and others read who may', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const ben = await people.register('Ben');
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: TITLE, text: '', place: town.at(), starts_at: null });
  await people.does(anna, { act: 'send-message', message: uuid7(), node, text: 'Wann denn?' });
  const owner = await people.browser(anna);
  await owner.open(town.view());
  await owner.expectLive();
  await owner.openKnot(TITLE);
  await owner.main.getByRole('list').filter({ hasText: word('thread_create') }).getByRole('link', { name: word('thread_create') }).click();
  await owner.main.getByRole('link', { name: word('thread_choose') }).click();
  await expect(owner.page).toHaveURL(/\/faden\/[^/]+\/garn/);
  await expectAccessible(owner.page, 'what yarn covers');
  await owner.main.getByRole('button', { name: word('yarn_all'), exact: true }).click();
  await expect(owner.main).toContainText(word('thread_covers'));
  await expect(owner.main).toContainText(word('talk_title'));
  await owner.expectWaiting(0);

  const other = await people.browser(ben);
  await other.open(town.view());
  await other.expectLive();
  await other.openKnot(TITLE);
  await expect(other.main).toContainText(word('refusal_talk_covered'));
  await expect(other.main).toContainText(word('node_may', { names: 'Anna' }));
  const answer = other.main.getByRole('button', { name: `${word('talk_reply')}: Wann denn?` });
  await expect(other.main.getByText('Wann denn?', { exact: true })).toBeVisible();
  await expect(answer, 'there is no form to answer with').toHaveCount(0);

  await owner.main.getByRole('link', { name: word('thread_choose') }).click();
  await owner.main.getByRole('button', { name: `${word('yarn_talk')}: ${word('yarn_uncover')}` }).click();
  await owner.expectWaiting(0);
  await expect(other.main.getByRole('textbox', { name: word('talk_message') }), 'without a reload').toBeVisible();
  await expect(answer).toBeVisible();
});
