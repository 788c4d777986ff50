import type { Page } from '@playwright/test';

import type { AppPage } from '../harness/app.ts';
import { status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People, Person } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Anna at the form that changes an event of hers. */
async function atChange(people: People, town: Town): Promise<{ anna: AppPage; person: Person; node: string }> {
  const person = await people.register('Anna');
  const node = uuid7();
  const starts_at = Date.now() + 3 * DAY_MS;
  await people.does(person, { act: 'knot-node', node, kind: 'event', title: 'Brot backen', text: 'Freitags um vier.', place: town.at(), starts_at });
  const anna = await people.browser(person);
  await anna.open(town.view());
  await anna.expectLive();
  await anna.openKnot('Brot backen');
  await anna.change();
  return { anna, person, node };
}

const WAYS: [name: string, way: (anna: AppPage) => Promise<unknown>][] = [
  ['back and forward', async ({ page }) => [await page.goBack(), await page.goForward()]],
  ['a link and back', async (anna) => [await anna.me(), await anna.page.goBack()]],
  ['a reload', async (anna) => [await anna.page.reload(), await anna.expectAwake()]],
  [
    'another page and a reload there',
    async (anna) => {
      await anna.home();
      await anna.page.reload();
      await anna.expectAwake();
      await anna.openKnot('Brot backen');
      await anna.change();
    },
  ],
];

for (const [name, way] of WAYS) {
  test(`a half-filled form to change a knot outlives ${name}`, async ({ people, town, api }) => {
    const { anna, node } = await atChange(people, town);
    const start = anna.main.getByLabel(word('weave_start'));
    await anna.textField.fill('Samstags.\nUm neun.');
    await start.fill('2027-01-02T09:30');
    await way(anna);
    await expect(anna.heading(word('change_title'))).toBeVisible();
    await expect(anna.textField).toHaveValue('Samstags.\nUm neun.');
    await expect(start).toHaveValue('2027-01-02T09:30');
    await expect(anna.titleField).toHaveValue('Brot backen');
    await anna.save();
    await expect(anna.heading('Brot backen')).toBeVisible();
    await anna.expectWaiting(0);
    await expect.poll(() => api.node(node)).toEqual({ title: 'Brot backen', text: 'Samstags.\nUm neun.' });
    await anna.change();
    await expect(anna.textField, 'what was sent is not typed again').toHaveValue('Samstags.\nUm neun.');
    await anna.page.reload();
    await anna.expectAwake();
    await expect(anna.main, 'nothing is newer than what it begins with').not.toContainText(word('change_meanwhile'));
  });
}

for (const name of ['back and forward', 'a reload']) {
  test(`after ${name} a version that its author has not seen is not overwritten`, async ({ people, town, guard, api }) => {
    guard.expects(status(409));
    const { anna, person, node } = await atChange(people, town);
    await anna.textField.fill('Samstags um neun.');
    await anna.page.goBack();
    await people.does(person, { act: 'change-node', node, based_on: 1, title: 'Brot und Brezen', text: 'Donnerstags.' });
    await expect(anna.heading('Brot und Brezen')).toBeVisible();
    await anna.page.goForward();
    if (name === 'a reload') {
      await expect(anna.textField).toHaveValue('Samstags um neun.');
      await anna.page.reload();
      await anna.expectAwake();
    }
    await expect(anna.textField).toHaveValue('Samstags um neun.');
    await expect(anna.titleField, 'what was not typed over is as it is now').toHaveValue('Brot und Brezen');
    await expect(anna.main).toContainText(word('change_meanwhile'));
    await anna.save();
    await expect(anna.version('version_other')).toContainText('Donnerstags.');
    await expect(anna.version('version_mine')).toContainText('Samstags um neun.');
    expect(await api.node(node), 'nobody has decided yet').toEqual({ title: 'Brot und Brezen', text: 'Donnerstags.' });
    await anna.decide('versions_mine');
    await expect.poll(() => api.node(node)).toEqual({ title: 'Brot und Brezen', text: 'Samstags um neun.' });
  });
}

test('what one begins to say of oneself outlives other pages and a reload', async ({ people }) => {
  const person = await people.register('Anna');
  const anna = await people.browser(person);
  await anna.open('/ich');
  const form = anna.main.locator('[data-form=describe]');
  const field = (key: string) => anna.main.getByRole('textbox', { name: word(key) });
  await field('me_about').fill('Gärtnerin.');
  await field('me_goods').fill('Leiter, Setzlinge');
  await anna.home();
  await people.does(person, { act: 'describe-role', skills: ['Backen'] });
  await anna.page.goBack();
  await expect(field('me_about')).toHaveValue('Gärtnerin.');
  await anna.page.reload();
  await anna.expectAwake();
  await expect(field('me_about')).toHaveValue('Gärtnerin.');
  await expect(field('me_goods')).toHaveValue('Leiter, Setzlinge');
  await expect(field('me_skills'), 'what was said on another device stays').toHaveValue('Backen');
  await form.getByRole('button', { name: word('change_submit') }).click();
  await expect(form.getByRole('status')).toContainText(word('me_described'));
  await anna.expectWaiting(0);
  await anna.home();
  await people.does(person, { act: 'describe-role', about: 'Bäckerin.' });
  await anna.me();
  await expect(field('me_about'), 'what was sent is not typed again').toHaveValue('Bäckerin.');
});

test('a knot that is only a date or a number so far is kept as well', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.fillIn({ title: '', kind: 'bed' });
  const guests = anna.main.getByLabel(word('weave_guests'), { exact: true });
  await guests.fill('3');
  await anna.me();
  await anna.page.goBack();
  await expect(guests).toHaveValue('3');
  await anna.choose(word('kind_event'));
  const start = anna.main.getByLabel(word('weave_start'));
  await start.fill('2027-01-02T19:00');
  await guests.evaluate((input: HTMLInputElement) => (input.value = ''));
  await anna.page.reload();
  await anna.expectAwake();
  await expect(start).toHaveValue('2027-01-02T19:00');
});

test('a message half said waits at its knot, and nobody else is handed it', async ({ people, town, api }) => {
  const person = await people.register('Anna');
  for (const title of ['Backen', 'Kochen']) {
    await people.does(person, { act: 'knot-node', node: uuid7(), kind: 'idea', title, text: '', place: town.at(), starts_at: null });
  }
  const anna = await people.browser(person);
  await anna.open(town.view());
  await anna.expectLive();
  const message = anna.main.getByLabel(word('talk_message'), { exact: true });
  await anna.openKnot('Backen');
  await message.fill('Ich bringe Mehl');
  await anna.openKnot('Kochen');
  await expect(message).toHaveValue('');
  await anna.openKnot('Backen');
  await expect(message).toHaveValue('Ich bringe Mehl');
  await anna.signOut();
  await anna.signIn(person.email, (email) => api.letter(email));
  await anna.openKnot('Backen');
  await expect(message).toBeVisible();
  await settle(anna.page);
  await expect(message).toHaveValue('');
});

/** What comes with the next pictures has come. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)))));
}
