import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('a registration that waits is sent by the account that wrote it, and by no other', async ({
  people,
  town,
  api,
  guard,
}) => {
  guard.expects(...NO_NETWORK);
  const [anna, bert] = [await people.account('Anna'), await people.account('Bert')];
  const before = await api.head();
  const named = async () => (await api.log(before)).map((line) => (line.payload['name'] as { text: { open: string } }).text.open);
  const browser = await people.browser(anna);
  await browser.open(town.view(15, '/ich'));
  await browser.page.route('**/api/commands', (route) => route.abort('internetdisconnected'));
  await browser.register('Anna Amsel', 'exact');
  await browser.expectWaiting(1);

  await browser.signOut();
  await expect(browser.main, 'a guest may be who wrote it').toContainText(word('waiting_others_one'));
  await browser.expectWaiting(1);
  await expect(browser.page.getByText('Anna Amsel')).toHaveCount(0);

  await browser.signIn(bert.email, (email) => api.letter(email));
  await expect(browser.nameField, 'he has no role').toHaveValue('');
  await expect(browser.main).toContainText(word('waiting_others_one'));
  await expect(browser.page.getByText('Anna Amsel')).toHaveCount(0);
  await browser.page.unroute('**/api/commands');
  await browser.register('Bert vom Berg', 'hidden');
  await expect.poll(named, 'his own is sent, and nothing else').toEqual(['Bert vom Berg']);
  await browser.expectWaiting(0);
  await expect(browser.main).toContainText(word('waiting_others_one'));

  await browser.signOut();
  await browser.signIn(anna.email, (email) => api.letter(email));
  await expect.poll(named, 'it is sent without another tap').toEqual(['Bert vom Berg', 'Anna Amsel']);
  await browser.expectWaiting(0);
  await expect(browser.main).not.toContainText(word('waiting_others_one'));
  await expect(browser.main).toContainText(word('me_placed_exact'));
});

test('a page that believes another one is signed in sends nothing for them, and learns who it is', async ({
  people,
  town,
  api,
  guard,
}) => {
  guard.expects(status(403));
  const [anna, bert] = [await people.account('Anna'), await people.account('Bert')];
  const before = await api.head();
  const browser = await people.browser(anna);
  await browser.open(town.view(15, '/ich'));
  await browser.expectLive();
  // Nobody tells the page: its cookie is another one from now on.
  await people.signIn(browser.page.context(), bert);
  await browser.register('Anna Amsel', 'hidden');
  await expect(browser.main).toContainText(word('me_signed_in', { email: bert.email }));
  await expect(browser.main).toContainText(word('waiting_others_one'));
  await expect(browser.nameField).toHaveValue('');
  await browser.expectWaiting(0);
  expect(await api.log(before)).toEqual([]);
});

test('another tab learns at once who is signed in', async ({ people, town, api }) => {
  const bert = await people.register('Bert');
  const anna = await people.browser(await people.register('Anna'));
  const other = await anna.page.context().newPage();
  await anna.open(town.view());
  await other.goto(`/ich`);
  await expect(other.locator('[data-awake]')).toBeAttached();
  await anna.front();
  await anna.signOut();
  await expect(other.getByRole('main')).toContainText(word('me_guest_title'));
  await anna.signIn(bert.email, (email) => api.letter(email));
  await expect(other.getByRole('main')).toContainText(word('me_signed_in', { email: bert.email }));
  await expect(other.getByRole('main').getByRole('heading', { name: 'Bert' })).toBeVisible();
});

test('a page whose session is gone says so where one is, and what was done waits', async ({ people, town, api, guard }) => {
  guard.expects(status(401));
  const person = await people.register('Anna');
  const node = uuid7();
  await people.does(person, { act: 'knot-node', node, kind: 'tool', title: 'Bienenstock', text: '', place: town.at(), starts_at: null });
  const anna = await people.browser(person);
  await anna.open(town.view());
  await anna.expectLive();
  await anna.openKnot('Bienenstock');
  const before = await api.head();
  await anna.page.context().clearCookies();
  await anna.twistButton.click();
  await expect(anna.main).toContainText(word('waiting_others_one'));
  await expect(anna.heading('Bienenstock')).toBeVisible();
  await expect(anna.main).toContainText(word('node_guest'));
  await anna.expectWaiting(1);
  await anna.me();
  await expect(anna.main).toContainText(word('me_guest_title'));
  await expect(anna.nameField).toHaveCount(0);
  await anna.signIn(person.email, (email) => api.letter(email));
  await anna.expectWaiting(0);
  expect((await api.log(before)).map((line) => line.payload.type)).toEqual(['FadenVerzwirnt']);
});

for (const kept of ['{"v":99}', 12345]) test(`${JSON.stringify(kept)}, which this page cannot read, is listed as set aside, whoever is signed in`, async ({ people }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open('/ich');
  await expect(anna.main).toContainText(word('waiting_none'));
  await anna.page.evaluate(async (value) => {
    const opened = indexedDB.open('weltgewebe');
    await new Promise((done) => (opened.onsuccess = done));
    const transaction = opened.result.transaction('outbox', 'readwrite');
    transaction.objectStore('outbox').add(value);
    await new Promise((done) => (transaction.oncomplete = done));
  }, kept);
  await anna.open('/ich');
  for (const isOut of [false, true]) {
    if (isOut) await anna.signOut();
    const row = anna.main.getByRole('listitem').filter({ hasText: word('waiting_unreadable_one') });
    await expect(row).toContainText(word('waiting_set_aside'));
    await expect(row).toContainText(word('waiting_unreadable'));
    await expect(anna.main).not.toContainText(word('waiting_none'));
  }
});

test('signing in by the link in one tab signs in the tab that asked', async ({ people, api }) => {
  const email = people.email('Anna');
  const asking = await people.browser();
  await asking.open('/anmelden');
  await asking.askForLetter(email);
  await expect(asking.codeField).toBeVisible();
  const other = await asking.page.context().newPage();
  await other.goto((await api.letter(email)).link);
  await other.getByRole('button', { name: word('letter_button') }).click();
  await expect(other.locator('[data-awake]')).toBeAttached();
  await expect(asking.main).toContainText(word('sign_in_done', { email }));
});

test('where nobody tells a tab that it is signed in, it learns so when someone looks, or types the code', async ({
  people,
  api,
}) => {
  for (const how of ['looks', 'types']) {
    const email = people.email('Anna');
    const asking = await people.browser();
    await asking.open('/anmelden');
    await asking.askForLetter(email);
    await expect(asking.codeField).toBeVisible();
    const { link, code } = await api.letter(email);
    // As a form without script does it, in a page that does not wake.
    await asking.page.context().request.post(link, { maxRedirects: 0 });
    if (how === 'looks') {
      await asking.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await expect(asking.main).toContainText(word('sign_in_done', { email }));
    } else {
      await asking.enterCode(code);
      await expect(asking.heading(word('me_title'))).toBeVisible();
      await expect(asking.main).toContainText(word('me_signed_in', { email }));
    }
  }
});

test('a second role is refused with its act, what was done under it comes back, and the rest goes on', async ({
  people,
  town,
  api,
  guard,
}) => {
  guard.expects(...NO_NETWORK, status(422), status(404));
  const account = await people.account('Neu');
  const browser = await people.browser(account);
  await browser.open(town.view(15, '/ich'));
  await browser.expectLive();
  const before = await api.head();
  await browser.page.context().setOffline(true);
  await browser.expectNotLive();
  await browser.register('Zweite Rolle', 'hidden');
  await browser.weave({ title: 'Unter der zweiten', text: 'Dieser Text bleibt.' });
  await browser.expectWaiting(2);
  // Meanwhile the same person registers on another device.
  const person = { ...account, role: crypto.randomUUID() };
  await people.does(person, { act: 'register-role', name: 'Erste Rolle', placement: { show: 'hidden' } });
  await browser.page.context().setOffline(false);
  await browser.expectWaiting(0);

  await browser.me();
  await expect(browser.refused('Zweite Rolle')).toContainText(word('refusal_role_taken'));
  await expect(browser.refused('Unter der zweiten')).toContainText('Dieser Text bleibt.');
  await expect(browser.main.getByRole('heading', { name: 'Erste Rolle' })).toBeVisible();
  await browser.refused('Unter der zweiten').getByRole('button', { name: word('waiting_edit') }).click();
  await expect(browser.main.getByLabel(word('weave_text'))).toHaveValue('Dieser Text bleibt.');
  await browser.send();
  await expect(browser.heading('Unter der zweiten')).toBeVisible();
  await browser.expectWaiting(0);
  const log = (await api.log(before)).map((line) => [line.actor.role, line.payload.type]);
  expect(log).toEqual([
    [person.role, 'RolleRegistriert'],
    [person.role, 'KnotenGeknuepft'],
  ]);
});
