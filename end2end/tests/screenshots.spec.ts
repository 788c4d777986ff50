import { join } from 'node:path';

import type { AppPage } from '../harness/app.ts';
import { PHONE, WIDE } from '../harness/browser.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { look, shoot } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import { like, word } from '../harness/words.ts';

/** To be looked at before a change is called done; git ignores them. */
const FOLDER = join(import.meta.dirname, '..', 'screenshots');

for (const [device, viewport] of [['phone', PHONE], ['desktop', WIDE]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${device}, ${colorScheme}`, () => {
      test.use({ ...viewport, colorScheme });

      test('every screen', async ({ people, town, guard, api, server }) => {
        test.setTimeout(180_000);
        guard.expects(...NO_NETWORK, status(401), status(404), status(409), status(422));
        const shot = async (app: AppPage, name: string) => {
          await app.settled();
          await shoot(app.page, join(FOLDER, `${device}-${colorScheme}`, `${name}.png`));
        };
        const weave = await weaveNeighbourhood(people, town);

        const guest = await people.browser();
        await guest.open(town.view());
        await guest.expectMap();
        await guest.expectLive();
        await expect.poll(async () => (await look(guest.page)).colours).toBeGreaterThan(40);
        await shot(guest, '01-home');
        await guest.open(town.view(10));
        await guest.expectMap();
        await expect(guest.main).toContainText(like('count_many'));
        await expect.poll(async () => (await look(guest.page)).colours).toBeGreaterThan(20);
        await shot(guest, '01-counted');
        await guest.open(town.view());
        await guest.knot(APPLES).first().click();
        await shot(guest, '02-knot-guest');
        await guest.open(`/rolle/${weave.bert.role}`);
        await shot(guest, '03-role');
        await guest.open('/ich');
        await shot(guest, '04-me-guest');
        await guest.open('/anmelden');
        await shot(guest, '05-sign-in');
        const email = people.email('Neu');
        await guest.askForLetter(email);
        await guest.enterCode('00000000');
        await guest.main.getByText(word('sign_in_code_wrong')).waitFor();
        await shot(guest, '06-code-wrong');
        const { link } = await api.letter(email);
        await guest.page.goto(link);
        await shot(guest, '07-letter');
        await guest.page.goto(server.mailbox);
        await shot(guest, '08-mailbox');
        await guest.open('/gibt/es/nicht');
        await shot(guest, '09-unknown');
        await guest.open('/?@-48.87660,-123.39330,15.00');
        await shot(guest, '10-empty');

        await guest.page.goto('/postfach?token=falsch');
        await shot(guest, '25-problem');
        // From elsewhere, so that no room has the knot.
        await guest.open(`/rolle/${weave.anna.role}?@-48.87660,-123.39330,15.00`);
        await guest.expectLive();
        await guest.page.route('**/api/page?**', (route) => route.abort('connectionrefused'));
        await guest.main.getByRole('link', { name: APPLES }).first().click();
        await guest.heading(word('away_title')).waitFor();
        await shot(guest, '26-away');

        const newcomer = await people.browser(await people.account('Neu'));
        await newcomer.open(town.view(15, '/ich'));
        await newcomer.choose(word('me_place_radius'));
        await shot(newcomer, '11-register');
        await newcomer.page.route('**/api/commands', (route) => route.abort('internetdisconnected'));
        await newcomer.register('Neu im Viertel', 'hidden');
        await shot(newcomer, '19-register-waiting');
        await newcomer.signOut();
        await shot(newcomer, '20-others-waiting');

        const anna = await people.browser(weave.anna);
        await anna.open(town.view());
        await anna.expectMap();
        await anna.expectLive();
        await anna.openKnot('Straßenfest am Körnermarkt');
        await shot(anna, '12-knot-own');
        await anna.page.locator('#gespraech').scrollIntoViewIfNeeded();
        await shot(anna, '21-conversation');
        await anna.fillIn({ title: 'Kleidertausch', kind: 'event' });
        await shot(anna, '13-weave');
        await anna.send();
        await anna.main.getByText(word('refusal_start_missing')).waitFor();
        await shot(anna, '14-weave-refused');
        await anna.me();
        await shot(anna, '15-me');
        await anna.home();
        await anna.openKnot(APPLES);
        await anna.change();
        await shot(anna, '21-change');
        await anna.textField.fill('Steht jetzt im Keller.');
        const meanwhile = { act: 'change-node', node: weave.node(APPLES), based_on: 1, title: 'Apfelpresse und Mühle' } as const;
        await people.does(weave.anna, meanwhile);
        await anna.version('version_other').waitFor();
        await anna.save();
        await anna.version('version_mine').waitFor();
        await shot(anna, '22-two-versions');
        await anna.home();
        await shot(anna, '23-came-back');
        const cookies = await anna.page.context().cookies();
        await anna.page.context().clearCookies();
        await anna.fillIn({ title: 'Nach der Abmeldung', kind: 'idea' });
        await anna.send();
        await anna.main.getByText(word('waiting_others_one')).waitFor();
        await shot(anna, '27-session-gone');
        await anna.page.context().addCookies(cookies);
        await anna.open('/weben?@50.10000,9.80000,4.00');
        await anna.expectMap();
        await shot(anna, '24-too-far-out');
        await anna.open(town.view());
        await anna.expectMap();
        await anna.expectLive();
        await anna.page.context().setOffline(true);
        await anna.expectNotLive();
        await anna.weave({ title: 'Ohne Netz geknüpft', text: 'Das wartet hier.' });
        await shot(anna, '16-offline-knot');
        await anna.me();
        await shot(anna, '17-waiting');
        await anna.home();
        await shot(anna, '18-offline-home');
      });
    });
  }
}
