import type { Locator } from '@playwright/test';

import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People, Person } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { like, word } from '../harness/words.ts';

/** The conversation of the open knot. */
class Talk {
  readonly app: AppPage;
  readonly section: Locator;
  /** What is new is told to who listens. */
  readonly log: Locator;
  readonly field: Locator;
  readonly older: Locator;

  constructor(app: AppPage) {
    this.app = app;
    this.section = app.page.locator('#gespraech');
    this.log = app.main.getByRole('log', { name: word('talk_title') });
    this.field = app.main.getByRole('textbox', { name: word('talk_message') });
    this.older = this.section.getByRole('button', { name: word('talk_older') });
  }

  /** A message, once it is there at all: confirmed or on its way. */
  said(text: string): Locator {
    return this.section.getByRole('listitem').filter({ has: this.app.page.getByText(text, { exact: true }) });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.section.getByRole('button', { name: word('talk_submit') }).click();
    await expect(this.field, 'it is kept, so the field is free again').toHaveValue('');
  }

  /** It is there, once, and confirmed. */
  async expectSaid(text: string): Promise<void> {
    await expect(this.said(text)).toHaveCount(1);
    await expect(this.said(text).getByRole('time')).toBeVisible();
  }

  async texts(): Promise<string[]> {
    return this.section.getByRole('listitem').locator('.prose').allInnerTexts();
  }
}

/** Someone's knot, at which so many messages have been said. */
async function knotted(people: People, town: Town, person: Person, said = 0): Promise<string> {
  const node = uuid7();
  const place = town.at(30, 30);
  await people.does(person, { act: 'knot-node', node, kind: 'idea', title: 'Sommerfest', text: '', place, starts_at: null });
  for (let count = 1; count <= said; count += 1) {
    await people.does(person, { act: 'send-message', message: uuid7(), node, text: `Wort ${count}.` });
  }
  return node;
}

test('what one says arrives in the other browser, both ways, and is there once after a reload', async ({ people, town, api }) => {
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const node = await knotted(people, town, anna);
  const annas = new Talk(await people.browser(anna));
  const berts = new Talk(await people.browser(bert));
  for (const talk of [annas, berts]) {
    await talk.app.open(`/knoten/${node}`);
    await talk.app.expectLive();
    await expect(talk.section).toContainText(word('talk_empty'));
  }
  const before = await api.head();

  await annas.say('Wer bringt Kuchen mit?');
  await berts.expectSaid('Wer bringt Kuchen mit?');
  await berts.say('Ich!\nUnd Tee dazu.');
  await annas.expectSaid('Ich! Und Tee dazu.');
  await annas.say('Fein.');
  await berts.expectSaid('Fein.');
  for (const talk of [annas, berts]) {
    expect(await talk.texts()).toEqual(['Fein.', 'Ich!\nUnd Tee dazu.', 'Wer bringt Kuchen mit?']);
    await expect(talk.log.getByRole('listitem')).toHaveCount(3);
    await talk.app.expectWaiting(0);
    await expectAccessible(talk.app.page, 'a conversation');
  }
  await test.step('each message was written once and drew a thread', async () => {
    const log = await api.log(before);
    expect(log.map((line) => [line.payload.type, line.tie?.kind])).toEqual(Array(3).fill(['NachrichtGesendet', 'talk']));
    await expect(annas.app.main).toContainText(word('thread_talk'));
  });
  await test.step('a reload shows the same, and what is said then arrives too', async () => {
    await berts.app.open(`/knoten/${node}`);
    await berts.app.expectLive();
    expect(await berts.texts()).toEqual(['Fein.', 'Ich!\nUnd Tee dazu.', 'Wer bringt Kuchen mit?']);
    await annas.say('Bis Samstag!');
    await berts.expectSaid('Bis Samstag!');
    await annas.expectSaid('Bis Samstag!');
  });
  await test.step('another knot, or the list, has nothing of it', async () => {
    await berts.app.home();
    await expect(berts.section).toHaveCount(0);
  });
});

test('what is said offline waits, and arrives once and in order', async ({ people, town, api, guard }) => {
  guard.expects(...NO_NETWORK);
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const node = await knotted(people, town, anna, 1);
  const annas = new Talk(await people.browser(anna));
  const berts = new Talk(await people.browser(bert));
  for (const talk of [annas, berts]) {
    await talk.app.open(`/knoten/${node}`);
    await talk.app.expectLive();
  }
  const before = await api.head();

  await annas.app.page.context().setOffline(true);
  await annas.app.expectNotLive();
  await annas.say('Erstens.');
  await annas.say('Zweitens.');
  for (const text of ['Erstens.', 'Zweitens.']) await expect(annas.said(text)).toContainText(word('waiting_kept'));
  await annas.app.expectWaiting(2);
  await berts.say('Unterdessen.');
  await berts.expectSaid('Unterdessen.');
  expect(await annas.texts()).toEqual(['Zweitens.', 'Erstens.', 'Wort 1.']);

  await annas.app.page.context().setOffline(false);
  for (const talk of [annas, berts]) {
    for (const text of ['Erstens.', 'Zweitens.', 'Unterdessen.']) await talk.expectSaid(text);
    expect(await talk.texts()).toEqual(['Zweitens.', 'Erstens.', 'Unterdessen.', 'Wort 1.']);
  }
  await annas.app.expectWaiting(0);
  expect((await api.log(before)).map((line) => line.actor.role)).toEqual([bert.role, anna.role, anna.role]);
});

test('older messages come by a button, and without it by a page of their own', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const node = await knotted(people, town, anna, 120);
  const talk = new Talk(await people.browser(anna));
  await talk.app.open(`/knoten/${node}`);
  await talk.app.expectLive();
  await expect(talk.section).toContainText(word('talk_many', { n: 120 }));
  await expect(talk.section.getByRole('listitem')).toHaveCount(50);
  // A key first: pressed again at once it would count as held down.
  await talk.older.focus();
  await talk.app.page.keyboard.press('Enter');
  await expect(talk.section.getByRole('listitem')).toHaveCount(100);
  await talk.older.click();
  await expect(talk.section.getByRole('listitem')).toHaveCount(120);
  await expect(talk.section).toContainText(word('talk_beginning'));
  await expect(talk.older).toHaveCount(0);
  await expect(talk.section.getByText(word('talk_beginning'))).toBeFocused();
  // What was asked for is no news.
  await expect(talk.log.getByRole('listitem')).toHaveCount(50);
  const numbers = (await talk.texts()).map((text) => Number(/\d+/.exec(text)?.[0]));
  expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index));
  // A new one pushes none of them out.
  await talk.say('Noch eins');
  await talk.expectSaid('Noch eins');
  await expect(talk.section.getByRole('listitem')).toHaveCount(121);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a conversation is read from the newest message back to the first and forth again', async ({ app, people, town }) => {
    const anna = await people.register('Anna');
    const node = await knotted(people, town, anna, 60);
    const talk = new Talk(app);
    // What has just been said may not be in the pages yet, and this one does not follow.
    await expect(async () => {
      await app.page.goto(`/knoten/${node}`);
      await expect(talk.said('Wort 60.')).toBeVisible({ timeout: 500 });
    }).toPass();
    await talk.section.getByRole('link', { name: word('talk_older') }).click();
    await expect(talk.said('Wort 10.')).toBeVisible();
    await expect(talk.said('Wort 11.')).toHaveCount(0);
    await expect(talk.section).toContainText(word('talk_beginning'));
    await talk.section.getByRole('link', { name: word('talk_newest') }).click();
    await expect(talk.said('Wort 60.')).toBeVisible();
  });
});

test('a page of older messages stays as it is, also when the script has taken over', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const node = await knotted(people, town, anna, 60);
  const talk = new Talk(await people.browser(anna));
  await talk.app.page.goto(`/knoten/${node}`, { waitUntil: 'commit' });
  await talk.app.expectAwake();
  const oldest = await talk.app.page.evaluate(async (node) => {
    const answer = await fetch(`/api/nodes/${node}/messages`);
    const page = (await answer.json()) as { messages: { id: string }[] };
    return page.messages.at(-1)!.id;
  }, node);
  await talk.app.open(`/knoten/${node}?vor=${oldest}`);
  await talk.app.expectLive();
  await expectAccessible(talk.app.page, 'older messages');
  await people.does(anna, { act: 'send-message', message: uuid7(), node, text: 'Ganz neu.' });
  await expect(talk.said('Wort 10.')).toBeVisible();
  expect((await talk.texts()).at(0)).toBe('Wort 10.');
  await expect(talk.field).toHaveCount(0);
  await test.step('also when one comes back to it', async () => {
    await talk.app.home();
    await talk.app.page.goBack();
    await expect(talk.said('Wort 10.')).toBeVisible();
    await expect(talk.said('Ganz neu.')).toHaveCount(0);
  });
  await talk.section.getByRole('link', { name: word('talk_newest') }).click();
  await talk.expectSaid('Ganz neu.');
});

test('a message that is too long is told so, and what the server refuses keeps its text', async ({ people, town, guard }) => {
  guard.expects(status(422));
  const anna = await people.register('Anna');
  const node = await knotted(people, town, anna);
  const talk = new Talk(await people.browser(anna));
  await talk.app.open(`/knoten/${node}`);
  await talk.app.expectLive();

  const long = 'ä'.repeat(2001);
  await talk.field.fill(long);
  await talk.field.press('Control+Enter');
  await expect(talk.section).toContainText(like('refusal_message_length'));
  await expect(talk.field).toHaveValue(long);
  await expect(talk.field).toBeFocused();
  await talk.field.fill('Kurz.');
  await talk.field.press('Control+Enter');
  await talk.expectSaid('Kurz.');
  await expect(talk.section).not.toContainText(like('refusal_message_length'));
  await expect(talk.field).toHaveValue('');

  // Only the server can refuse this one: on its way it is made too long.
  await talk.app.page.route('**/api/commands', async (route) => {
    const body = route.request().postDataJSON() as { command: { act: { text: string } } };
    body.command.act.text = long;
    await route.continue({ postData: JSON.stringify(body) });
  });
  await talk.say('Das war nicht so gemeint.');
  const refused = talk.section.locator('.message', { has: talk.app.page.getByRole('alert') });
  await expect(refused).toContainText('Das war nicht so gemeint.');
  await expect(refused).toContainText(like('refusal_message_length'));
  await talk.app.page.unroute('**/api/commands');
  await refused.getByRole('button', { name: word('waiting_edit') }).click();
  await expect(talk.field).toHaveValue('Das war nicht so gemeint.');
  await expect(talk.field).toBeFocused();
  await talk.field.fill('So war es gemeint.');
  await talk.field.press('Control+Enter');
  await talk.expectSaid('So war es gemeint.');
  await expect(refused).toHaveCount(0);
  await talk.app.expectWaiting(0);
});
