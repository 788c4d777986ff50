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
    this.older = this.section.getByRole('button', { name: word('talk_older'), exact: true });
  }

  /** A message, once it is there at all: confirmed or on its way. */
  said(text: string): Locator {
    const { page } = this.app;
    return this.section.getByRole('listitem').filter({ has: page.locator('.prose').and(page.getByText(text, { exact: true })) });
  }

  /** What can be done with a message: its button is named by how it begins. */
  deed(key: string, text: string): Locator {
    return this.section.getByRole('button', { name: `${word(key)}: ${text}`, exact: true });
  }

  /** What was taken back. */
  get tombstones(): Locator {
    return this.section.getByRole('listitem').filter({ has: this.app.page.locator('.hint', { hasText: word('talk_withdrawn') }) });
  }

  /** Sends what the form holds by the button that it has for that. */
  async send(key: string): Promise<void> {
    await this.section.getByRole('button', { name: word(key), exact: true }).click();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.send('talk_submit');
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

/** Two people who have the same knot open. */
async function both(people: People, town: Town): Promise<{ anna: Person; bert: Person; node: string; annas: Talk; berts: Talk }> {
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const node = await knotted(people, town, anna);
  const annas = new Talk(await people.browser(anna));
  const berts = new Talk(await people.browser(bert));
  for (const talk of [annas, berts]) {
    await talk.app.open(`/knoten/${node}`);
    await talk.app.expectLive();
  }
  return { anna, bert, node, annas, berts };
}

test('what one said is answered, changed and taken back, and the other browser shows it at once', async ({ people, town, api }) => {
  const { node, annas, berts } = await both(people, town);
  const before = await api.head();
  await annas.say('Treffen um 3?');
  await berts.expectSaid('Treffen um 3?');
  await expect(berts.deed('talk_change', 'Treffen um 3?'), 'it is not his').toHaveCount(0);
  await expect(berts.deed('talk_withdraw', 'Treffen um 3?')).toHaveCount(0);

  await test.step('an answer says what it answers', async () => {
    await berts.deed('talk_reply', 'Treffen um 3?').click();
    await expect(berts.field).toBeFocused();
    await expect(berts.section.getByRole('status')).toContainText(`${word('talk_replying', { name: 'Anna' })} Treffen um 3?`);
    await berts.say('Lieber später.');
    await expect(berts.section.getByRole('status')).toHaveCount(0);
    await annas.expectSaid('Lieber später.');
    const quoted = annas.said('Lieber später.').getByRole('link', { name: 'Anna Treffen um 3?' });
    await quoted.click();
    await expect(annas.said('Treffen um 3?')).toBeInViewport();
    await expectAccessible(annas.app.page, 'an answer');
  });
  await test.step('a change shows in its place and where it is answered', async () => {
    await annas.deed('talk_change', 'Treffen um 3?').click();
    await expect(annas.field).toHaveValue('Treffen um 3?');
    await expect(annas.field).toBeFocused();
    await expect(annas.section.getByRole('status')).toContainText(word('talk_changing'));
    await expectAccessible(annas.app.page, 'a form while one changes');
    await annas.field.fill('Treffen um 5?');
    await annas.send('talk_change_submit');
    await expect(annas.field).toHaveValue('');
    for (const talk of [annas, berts]) {
      await talk.expectSaid('Treffen um 5?');
      await expect(talk.said('Treffen um 5?')).toContainText(word('talk_changed'));
      await expect(talk.said('Lieber später.')).toContainText('Treffen um 5?');
      expect(await talk.texts()).toEqual(['Lieber später.', 'Treffen um 5?']);
    }
    await annas.app.expectWaiting(0);
  });
  await test.step('what is taken back leaves its place', async () => {
    await annas.deed('talk_withdraw', 'Treffen um 5?').click();
    await expect(annas.deed('talk_withdraw_really', 'Treffen um 5?')).toBeFocused();
    await annas.deed('talk_keep', 'Treffen um 5?').click();
    await expect(annas.deed('talk_withdraw', 'Treffen um 5?')).toBeVisible();
    for (const key of ['talk_withdraw', 'talk_withdraw_really']) await annas.deed(key, 'Treffen um 5?').click();
    for (const talk of [annas, berts]) {
      await expect(talk.tombstones).toHaveCount(1);
      await expect(talk.tombstones).toContainText('Anna');
      await expect(talk.said('Treffen um 5?')).toHaveCount(0);
      await expect(talk.said('Lieber später.')).toContainText(word('talk_withdrawn'));
      await expect(talk.section).toContainText(word('talk_many', { n: 2 }));
    }
    await annas.app.expectWaiting(0);
    await expectAccessible(berts.app.page, 'a conversation with something taken back');
  });
  await test.step('it is so in the log, and after a reload', async () => {
    const log = await api.log(before);
    expect(log.map((line) => [line.payload.type, line.tie?.kind ?? null])).toEqual([
      ['NachrichtGesendet', 'talk'],
      ['NachrichtGesendet', 'talk'],
      ['NachrichtGeaendert', null],
      ['NachrichtZurueckgezogen', null],
    ]);
    await berts.app.open(`/knoten/${node}`);
    await expect(berts.tombstones).toHaveCount(1);
    await expect(berts.section).not.toContainText('Treffen um');
  });
});

test('a message is changed offline, and what was typed before comes back', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const { node, annas, berts } = await both(people, town);
  await annas.say('Um 3.');
  await berts.expectSaid('Um 3.');
  await annas.field.fill('Noch nicht fertig');

  await test.step('to leave it, and to send it as it is, changes nothing', async () => {
    for (const leave of ['talk_just_say', 'talk_change_submit']) {
      await annas.deed('talk_change', 'Um 3.').click();
      await expect(annas.field).toHaveValue('Um 3.');
      await annas.send(leave);
      await expect(annas.field).toHaveValue('Noch nicht fertig');
      await expect(annas.section.getByRole('status')).toHaveCount(0);
    }
    await annas.app.expectWaiting(0);
  });
  await annas.app.page.context().setOffline(true);
  await annas.app.expectNotLive();
  await annas.deed('talk_change', 'Um 3.').click();
  await annas.field.fill('Um 4.');
  await annas.field.press('Control+Enter');
  await expect(annas.said('Um 4.')).toContainText(word('waiting_kept'));
  await expect(annas.field).toHaveValue('Noch nicht fertig');
  await annas.app.expectWaiting(1);
  await expect(berts.said('Um 3.')).toHaveCount(1);

  await annas.app.page.context().setOffline(false);
  for (const talk of [annas, berts]) {
    await talk.expectSaid('Um 4.');
    expect(await talk.texts()).toEqual(['Um 4.']);
  }
  await annas.app.expectWaiting(0);
  await test.step('another knot knows nothing of it', async () => {
    await annas.deed('talk_change', 'Um 4.').click();
    await annas.app.home();
    await annas.app.open(`/knoten/${node}`);
    await annas.app.expectLive();
    await expect(annas.section.getByRole('status')).toHaveCount(0);
    await expect(annas.field).toHaveValue('');
  });
});

test('what was taken back elsewhere is not changed here any more', async ({ people, town, guard }) => {
  guard.expects(status(409));
  const { anna, node, annas } = await both(people, town);
  const message = uuid7();
  await people.does(anna, { act: 'send-message', message, node, text: 'Um 3.' });
  await annas.expectSaid('Um 3.');
  await annas.field.fill('Noch nicht fertig');
  await annas.deed('talk_change', 'Um 3.').click();
  await annas.field.fill('Um 4.');
  await people.does(anna, { act: 'withdraw-message', message, node });
  await expect(annas.tombstones).toHaveCount(1);
  await expect(annas.section.getByRole('status')).toHaveCount(0);
  await expect(annas.field).toHaveValue('Noch nicht fertig');

  // The server alone knows of this one: it is taken back while the change is on its way.
  const other = uuid7();
  await people.does(anna, { act: 'send-message', message: other, node, text: 'Um 5.' });
  await annas.expectSaid('Um 5.');
  await annas.app.page.route('**/api/commands', async (route) => {
    await people.does(anna, { act: 'withdraw-message', message: other, node });
    await route.continue();
  }, { times: 1 });
  await annas.deed('talk_change', 'Um 5.').click();
  await annas.field.fill('Um 6.');
  await annas.send('talk_change_submit');
  const refused = annas.section.locator('.message', { has: annas.app.page.getByRole('alert') });
  await expect(refused).toContainText('Um 6.');
  await expect(refused).toContainText(word('refusal_message_withdrawn'));
  await expect(annas.tombstones).toHaveCount(2);
  await expect(refused.getByRole('button', { name: word('waiting_edit') }), 'there is nothing to be changed').toHaveCount(0);
  await refused.getByRole('button', { name: word('waiting_discard') }).click();
  await expect(refused).toHaveCount(0);
});
