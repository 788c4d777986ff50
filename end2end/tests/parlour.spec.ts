import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import type { AppPage } from '../harness/app.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** The number beside the way to oneself. */
const onMe = (app: AppPage) => app.bar.getByRole('link', { name: word('bar_me') }).locator('.count');
/** What was said, where the unread begin, and how many there are. */
const fresh = (app: AppPage) => app.page.locator('#gespraech .fresh');
const tally = (app: AppPage) => app.page.locator('#gespraech .tally .count');

test('all find the parlour and talk there', async ({ people, town }) => {
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const annas = await people.browser(anna);
  await annas.open(town.view());
  await annas.main.getByRole('link', { name: 'Nähstübchen' }).first().click();
  await expect(annas.heading('Nähstübchen')).toBeVisible();
  await expect(annas.main).toContainText(word('parlour_lead'));
  await expectAccessible(annas.page, 'the parlour');
  const words = `Guten Morgen ${uuid7()}`;
  await annas.main.getByRole('textbox', { name: word('talk_message') }).fill(words);
  await annas.main.getByRole('button', { name: word('talk_submit'), exact: true }).click();
  const berts = await people.browser(bert);
  await berts.open('/naehstube');
  await expect(berts.main.getByText(words, { exact: true })).toBeVisible();
  await expect(berts.main.getByRole('link', { name: word('node_change'), exact: true }), 'nobody changes it').toHaveCount(0);
});

test('what others say is counted until it was on a screen, on all devices', async ({ people, town }) => {
  const [anna, bert] = [await people.register('Anna'), await people.register('Bert')];
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Brot backen', text: '', place: town.at(), starts_at: null });
  const say = (text: string) => people.does(bert, { act: 'send-message', message: uuid7(), node, text });
  // Somewhere else, so that nothing is seen.
  const [phone, laptop] = [await people.browser(anna), await people.browser(anna)];
  await say('Ich bringe Mehl.');
  await say('Und Salz.');
  await phone.open(town.view());
  await expect(onMe(phone)).toHaveText('2');
  await laptop.open(town.view());
  await expect(onMe(laptop)).toHaveText('2');
  const said = [word('bar_me'), word('unread_many', { n: 2 })].join(' ');
  await expect(phone.bar.getByRole('link', { name: said, exact: true }), 'who does not see where it stands hears what it counts').toBeVisible();

  await phone.me();
  await phone.main.getByRole('link', { name: 'Brot backen' }).click();
  await expect(phone.heading('Brot backen')).toBeVisible();
  await phone.page.locator('#gespraech .message').first().scrollIntoViewIfNeeded();
  await expect(onMe(phone)).toHaveCount(0);
  await expect(tally(phone)).toHaveCount(0);
  // A line that was drawn stays while one reads: only once all is counted and read it says something that there is none.
  await expect(phone.page.locator('#gespraech .message')).toHaveCount(2);
  await expect(fresh(phone), 'all of it was new, so no line parts it').toHaveCount(0);
  await laptop.page.reload();
  await laptop.expectAwake();
  await expect(onMe(laptop)).toHaveCount(0);

  // While nobody looks more is said; where it begins is told when the conversation is opened again.
  await phone.home();
  await say('Wann denn?');
  await phone.page.reload();
  await phone.expectAwake();
  await expect(onMe(phone)).toHaveText('1');
  await phone.me();
  await phone.main.getByRole('link', { name: 'Brot backen' }).click();
  await expect(fresh(phone)).toHaveText(word('talk_new'));
  await phone.page.locator('#gespraech .message').first().scrollIntoViewIfNeeded();
  await expect(onMe(phone)).toHaveCount(0);
  await expect(fresh(phone), 'the line stays while one reads').toHaveCount(1);
});
