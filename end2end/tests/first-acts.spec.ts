import type { Act } from '../harness/api.ts';
import { describe } from '../harness/api.ts';
import type { Show } from '../harness/app.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { like, word } from '../harness/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test.describe('signing in', () => {
  test('by the code of the letter; a wrong one is told and costs nothing', async ({ app, api, people, guard }) => {
    guard.expects(status(422));
    const email = people.email('Anna');
    await app.open('/anmelden');
    await app.askForLetter(email);
    await expect(app.codeField).toBeFocused();
    const { code } = await api.letter(email);
    await app.enterCode(code === '00000000' ? '00000001' : '00000000');
    await expect(app.main).toContainText(word('sign_in_code_wrong'));
    await app.enterCode(code);
    await expect(app.heading(word('me_title'))).toBeVisible();
    await expect(app.main).toContainText(word('me_signed_in', { email }));
    await expect(app.nameField).toBeVisible();
  });

  test('by the link of the letter, which a scanner has fetched before', async ({ app, api, people }) => {
    const email = people.email('Bert');
    await app.open('/anmelden');
    await app.askForLetter(email);
    await expect(app.codeField).toBeVisible();
    const { link } = await api.letter(email);
    for (let fetched = 0; fetched < 3; fetched += 1) await app.page.request.get(link);
    await app.page.goto(link);
    await app.page.getByRole('button', { name: word('letter_button') }).click();
    await expect(app.page).toHaveURL(/\/ich/);
    await expect(app.main).toContainText(word('me_signed_in', { email }));
  });

  test('and out again: the page is a guest’s', async ({ people, town }) => {
    const anna = await people.browser(await people.register('Anna'));
    await anna.open(town.view());
    await anna.signOut();
    await expect(anna.main).toContainText(word('me_guest_title'));
    await anna.open(town.view(15, '/ich'));
    await expect(anna.main).toContainText(word('me_guest_title'));
    const cookies = await anna.page.context().cookies();
    expect(cookies.filter((cookie) => cookie.name === 'wg_session')).toEqual([]);
  });
});

test.describe('registering', () => {
  const seen: [Show, RegExp][] = [
    ['hidden', like('me_placed_hidden')],
    ['exact', like('me_placed_exact')],
    ['radius', like('me_placed_radius')],
  ];
  for (const [show, words] of seen) {
    test(`a role that is shown ${show}`, async ({ people, town, api }) => {
      const before = await api.head();
      const newcomer = await people.browser(await people.account('Neu'));
      await newcomer.open(town.view(15, '/ich'));
      await newcomer.register('Nele Neu', show);
      await expect(newcomer.main).toContainText(words);
      await expect.poll(async () => (await api.log(before)).length).toBe(1);
      const [event] = await api.log(before);
      expect(event!.payload).toMatchObject({ type: 'RolleRegistriert', placed: { show } });
      // Whatever is chosen, no event carries the point.
      expect(JSON.stringify(event)).not.toMatch(/"lat"|"lon"/);
      expect(event!.cell).toBeNull();
    });
  }

  for (const [kind, zoom] of [['a wide', 9], ['a narrow', 15]] as const) {
    test(`what touches no room of ${kind} view ends with the very message that reaches its receipt`, async ({ people, town }) => {
      const anna = await people.browser(await people.register('Anna'));
      const idOf = (cursor: string) => Number(cursor.split('.').at(-1));
      let receipt = Infinity;
      let isOver = false;
      await anna.page.route('**/api/commands', async (route) => {
        const response = await route.fetch();
        receipt = idOf(((await response.json()) as { cursor: string }).cursor);
        await route.fulfill({ response });
      });
      await anna.page.routeWebSocket(/\/ws$/, (socket) => {
        if (isOver) return;
        const server = socket.connectToServer();
        server.onMessage((message) => {
          if (isOver) return;
          socket.send(message);
          const { cursor } = JSON.parse(message.toString()) as { cursor?: string };
          // From here on nothing is heard any more.
          isOver = cursor !== undefined && idOf(cursor) >= receipt;
        });
      });
      await anna.open(town.view(zoom, '/ich'));
      await anna.expectLive();
      await anna.rename('Änne');
      await anna.nameField.fill('Ännchen');
      await expect.poll(() => isOver).toBe(true);
      await expect(anna.line.getByRole('link')).toHaveCount(0);
      await expect(anna.nameField, 'what is typed meanwhile stays').toHaveValue('Ännchen');
      await expect(anna.nameField).toBeFocused();
      await expect(anna.main.getByRole('status').getByText(word('me_renamed'))).toBeVisible();
    });
  }

  test('a name and a place on the map can be changed at any time', async ({ people, town, api }) => {
    const person = await people.register('Anna', { show: 'exact', place: town.at() });
    const anna = await people.browser(person);
    await anna.open(town.view());
    await anna.expectLive();
    const before = await api.head();
    await anna.rename('Änne Überall');
    await anna.place('hidden');
    await expect(anna.main).toContainText(word('me_placed_hidden'));
    const done = async () => (await api.log(before)).map((line) => line.payload.type);
    await expect.poll(done).toEqual(['RolleUmbenannt', 'RollePlatziert']);
    const guest = await people.browser();
    await guest.open(`/rolle/${person.role}`);
    await expect(guest.heading('Änne Überall')).toBeVisible();
    await expect(guest.main).toContainText(word('role_hidden'));
  });
});

test.describe('weaving', () => {
  test('a knot of each kind; an event wants its start', async ({ people, town, api }) => {
    const anna = await people.browser(await people.register('Anna'));
    await anna.open(town.view());
    await anna.expectLive();
    const before = await api.head();
    for (const kind of ['idea', 'place', 'tool', 'bed'] as const) {
      await anna.weave({ title: `Knoten: ${kind}`, kind, text: 'Zwei Zeilen,\nbeide bleiben.' });
      await expect(anna.main).toContainText(word(`kind_${kind}`));
    }
    await anna.fillIn({ title: 'Sommerfest', kind: 'event' });
    await anna.send();
    await expect(anna.main).toContainText(word('refusal_start_missing'));
    await expect(anna.main.getByLabel(word('weave_name')), 'what was typed stays').toHaveValue('Sommerfest');
    await anna.weave({ title: 'Sommerfest', kind: 'event', startsAt: new Date(Date.now() + 3 * DAY_MS) });
    await expect(anna.main).toContainText(word('node_starts'));
    await anna.expectWaiting(0);
    const log = await api.log(before);
    expect(log.map(describe)).toEqual(
      [...['idea', 'place', 'tool', 'bed'].map((kind) => `Knoten: ${kind}`), 'Sommerfest'].map(
        (title) => `KnotenGeknuepft ${title}`,
      ),
    );
    expect(log.map((line) => line.tie?.kind)).toEqual(Array(5).fill('create'));
  });

  test('a title that is too long is refused in words and kept', async ({ people, town, api }) => {
    const anna = await people.browser(await people.register('Anna'));
    await anna.open(town.view());
    const before = await api.head();
    const title = 'x'.repeat(121);
    await anna.fillIn({ title });
    await anna.send();
    await expect(anna.main).toContainText(word('refusal_title_length', { max: 120, got: 121 }));
    await expect(anna.main.getByLabel(word('weave_name'))).toHaveValue(title);
    expect(await api.log(before)).toEqual([]);
  });

  test('what is typed and not sent is there again on coming back, once', async ({ people, town }) => {
    const anna = await people.browser(await people.register('Anna'));
    await anna.open(town.view());
    await anna.fillIn({ title: 'Noch nicht fertig', kind: 'tool', text: 'Erst nachsehen,\nwie ich heiße.' });
    await anna.me();
    await anna.page.goBack();
    await expect(anna.titleField).toHaveValue('Noch nicht fertig');
    await anna.home();
    await anna.fillIn({ title: 'Jetzt fertig' });
    await expect(anna.textField).toHaveValue('Erst nachsehen,\nwie ich heiße.');
    await expect(anna.main.getByRole('radio', { checked: true })).toHaveValue('tool');
    await anna.send();
    await expect(anna.heading('Jetzt fertig')).toBeVisible();
    await anna.bar.getByRole('link', { name: word('bar_weave_short') }).click();
    await expect(anna.titleField).toHaveValue('');
    await expect(anna.textField).toHaveValue('');
  });

  test('joining draws one thread; doing it again re-arms it, twisting makes it last', async ({ people, town, api }) => {
    const bert = await people.register('Bert');
    const node = uuid7();
    await people.does(bert, knot(node, 'Lastenrad', town.at()));
    const anna = await people.browser(await people.register('Anna'));
    await anna.open(town.view());
    await anna.expectLive();
    await anna.openKnot('Lastenrad');
    const mine = async () => (await api.threads(node)).filter((thread) => thread.kind === 'join');

    await anna.join();
    await expect.poll(async () => (await mine()).map(({ acts }) => acts)).toEqual([1]);
    const [drawn] = await mine();
    await anna.renew();
    await expect.poll(async () => (await mine()).map(({ acts }) => acts), 'one thread, drawn twice').toEqual([2]);
    expect((await mine())[0]!.expires_at!).toBeGreaterThan(drawn!.expires_at!);
    await anna.twist();
    await expect.poll(async () => (await mine())[0]!.expires_at).toBeNull();
    await expect(anna.main).toContainText(word('left_yarn'));
    await anna.untwist();
    await expect.poll(async () => (await mine())[0]!.expires_at).not.toBeNull();
    await anna.expectWaiting(0);
    await anna.home();
    await expect(anna.knot('Lastenrad')).toContainText(word('threads_many', { n: 2 }));
  });

  test('what the server refuses comes back to its act in words, and blocks nothing', async ({
    people,
    town,
    api,
    guard,
  }) => {
    guard.expects(...NO_NETWORK, status(422));
    const person = await people.register('Anna');
    const node = uuid7();
    await people.does(person, knot(node, 'Bienenstock', town.at()));
    const anna = await people.browser(person);
    await anna.open(town.view());
    await anna.expectLive();
    await anna.openKnot('Bienenstock');
    await anna.page.context().setOffline(true);
    await anna.expectNotLive();
    await anna.twist();
    // Meanwhile the same person does the same on another device.
    const [thread] = await api.threads(node);
    await people.does(person, { act: 'twist-thread', thread: thread!.id, node });
    await anna.weave({ title: 'Honig schleudern' });
    await anna.expectWaiting(2);
    await anna.page.context().setOffline(false);
    await anna.expectWaiting(0);
    await anna.me();
    await expect(anna.refused('Bienenstock')).toContainText(word('refusal_already_twisted'));
    const log = await api.log();
    expect(log.filter((line) => line.actor.role === person.role).map((line) => line.payload.type)).toEqual([
      'RolleRegistriert',
      'KnotenGeknuepft',
      'FadenVerzwirnt',
      'KnotenGeknuepft',
    ]);
  });
});

function knot(node: string, title: string, place: { lat: number; lon: number }): Act {
  return { act: 'knot-node', node, kind: 'tool', title, text: '', place, starts_at: null };
}
