import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a bed says for how many and for how long, and says it no more where that is taken away', async ({ people, town, api }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.fillIn({ title: 'Dachkammer', text: '', kind: 'bed' });
  const field = (key: string) => anna.main.getByLabel(word(key));
  await expect(field('weave_end'), 'only an event ends').toBeHidden();
  await expect(field('weave_lent'), 'only a tool is lent').toBeHidden();
  await field('weave_guests').fill('99');
  await field('weave_nights').fill('3');
  await expectAccessible(anna.page, 'a form with fields of its kind');
  await anna.send();
  await expect(anna.main).toContainText(word('refusal_guests_out_of_range', { max: 20, got: 99 }));
  await expect(field('weave_guests')).toBeFocused();
  await field('weave_guests').fill('2');
  await anna.send();
  await expect(anna.heading('Dachkammer')).toBeVisible();
  const both = `${word('told_guests', { n: 2 })}, ${word('told_nights', { n: 3 })}`;
  await expect(anna.main).toContainText(both);
  await anna.expectWaiting(0);

  const guest = await people.browser();
  await guest.open(town.view());
  await expect(guest.knot('Dachkammer')).toContainText(both);
  await guest.openKnot('Dachkammer');
  await guest.mark();
  await anna.change();
  await expect(field('weave_guests')).toHaveValue('2');
  await expect(field('weave_lent'), 'a bed is not lent').toHaveCount(0);
  await field('weave_nights').fill('');
  await anna.save();
  await expect(anna.heading('Dachkammer')).toBeVisible();
  await expect(guest.main).not.toContainText(word('told_nights', { n: 3 }));
  await expect(guest.main).toContainText(word('told_guests', { n: 2 }));
  await guest.expectMarked();
  const changed = (await api.log()).filter((line) => line.payload.type === 'KnotenGeaendert');
  expect(changed.at(-1)!.payload).toEqual({ type: 'KnotenGeaendert', particulars: { nights: null } });
});

test('an event that ends before it starts is refused beside its end, and one that ends later tells both', async ({ people, town, api }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.fillIn({ title: 'Straßenfest', text: 'Mit Musik.', kind: 'event', startsAt: new Date(Date.now() + DAY_MS) });
  const start = anna.main.getByLabel(word('weave_start'));
  const end = anna.main.getByLabel(word('weave_end'), { exact: true });
  const day = (await start.inputValue()).slice(0, 10);
  await start.fill(`${day}T18:00`);
  await end.fill(`${day}T17:00`);
  await anna.send();
  await expect(anna.main).toContainText(word('refusal_end_before_start'));
  await expect(end).toHaveAttribute('aria-invalid', 'true');
  await end.fill(`${day}T22:30`);
  await anna.send();
  await expect(anna.heading('Straßenfest')).toBeVisible();
  await expect(anna.main).toContainText(/18:00.*bis .*22:30/);
  await anna.expectWaiting(0);
  const [knotted] = (await api.log()).filter((line) => line.payload.type === 'KnotenGeknuepft').slice(-1);
  const zone = await anna.page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(knotted!.payload['particulars']).toMatchObject({ zone });
  const link = anna.main.getByRole('link', { name: word('node_calendar') });
  const file = await anna.page.request.get((await link.getAttribute('href'))!);
  expect(await file.text()).toContain('DTEND:');
});

test('whoever knots an event elsewhere types its times by the clocks there', async ({ people, town, api }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.fillIn({ title: 'Weltumarmung', text: '', kind: 'event', startsAt: new Date(Date.now() + DAY_MS) });
  const start = anna.main.getByLabel(word('weave_start'));
  const zone = anna.main.getByLabel(word('weave_zone'));
  await expect(zone, 'as this device has it').toHaveValue('Europe/Vienna');
  const day = (await start.inputValue()).slice(0, 10);
  await start.fill(`${day}T10:00`);
  await zone.fill('Mars/Olympus');
  expect(await anna.page.locator('#zones option').count(), 'names to choose from').toBeGreaterThan(300);
  await anna.send();
  await expect(zone).toHaveAccessibleDescription(word('refusal_zone_invalid'));
  await expect(zone).toBeFocused();
  await zone.fill('America/Lima');
  await anna.send();
  await expect(anna.heading('Weltumarmung')).toBeVisible();
  await expect(anna.main).toContainText(word('node_zone', { zone: 'America/Lima' }));
  await anna.expectWaiting(0);
  const last = async (type: string) => (await api.log()).filter((line) => line.payload.type === type).at(-1)!.payload;
  expect(await last('KnotenGeknuepft')).toMatchObject({ starts_at: Date.parse(`${day}T15:00Z`), particulars: { zone: 'America/Lima' } });
  // Who changes something else of it leaves its times as they are; who changes them does so by the clocks there.
  await anna.change();
  await expect(start).toHaveValue(`${day}T10:00`);
  await anna.titleField.fill('Weltumarmung in Lima');
  await anna.save();
  await anna.expectWaiting(0);
  expect(Object.keys(await last('KnotenGeaendert')).sort()).toEqual(['title', 'type']);
  await anna.change();
  await start.fill(`${day}T11:30`);
  await anna.save();
  await anna.expectWaiting(0);
  expect(await last('KnotenGeaendert')).toEqual({ type: 'KnotenGeaendert', starts_at: Date.parse(`${day}T16:30Z`) });
});

test('what is marked up is written out, also live, and what could do harm is shown', async ({ people, town }) => {
  const person = await people.register('Anna');
  const node = uuid7();
  const text = '# Wann\n\nJeden **Freitag**.\n\n- Brot\n- Salz\n\n[klick](javascript:alert(1)) <img src=x onerror=alert(1)>';
  await people.does(person, { act: 'knot-node', node, kind: 'idea', title: 'Backen', text, place: town.at(), starts_at: null });
  const guest = await people.browser();
  for (const way of ['by its address', 'from the list'] as const) {
    if (way === 'from the list') {
      await guest.open(town.view());
      await guest.expectLive();
      await guest.openKnot('Backen');
    } else {
      await guest.open(`/knoten/${node}`);
    }
    const prose = guest.main.locator('.written');
    await expect(prose.getByRole('heading', { level: 2, name: 'Wann' }), way).toBeVisible();
    await expect(prose.locator('strong')).toHaveText('Freitag');
    await expect(prose.getByRole('listitem')).toHaveText(['Brot', 'Salz']);
    await expect(prose).toContainText('[klick](javascript:alert(1)) <img src=x onerror=alert(1)>');
    await expect(prose.locator('a, img')).toHaveCount(0);
    await expectAccessible(guest.page, `a text that is marked up, ${way}`);
  }
  await guest.mark();
  const anna = await people.browser(person);
  await anna.open(`/knoten/${node}`);
  await anna.change();
  await expect(anna.textField, 'the form has what was written').toHaveValue(text);
  await anna.textField.fill('Jetzt *samstags*, siehe https://weben.example.org/plan.');
  await anna.save();
  for (const browser of [anna, guest]) {
    await expect(browser.main.locator('.written em')).toHaveText('samstags');
    const link = browser.main.getByRole('link', { name: 'https://weben.example.org/plan' });
    await expect(link).toHaveAttribute('rel', 'nofollow noopener ugc');
  }
  await guest.expectMarked();
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('what is marked up reads as well', async ({ app, people, town }) => {
    const person = await people.register('Anna');
    const node = uuid7();
    const text = '> Zitat\n\n**fett**';
    await people.does(person, { act: 'knot-node', node, kind: 'idea', title: 'Lesen', text, place: town.at(), starts_at: null });
    await app.page.goto(`/knoten/${node}`);
    await expect(app.main.locator('.written blockquote')).toHaveText('Zitat');
    await expect(app.main.locator('.written strong')).toHaveText('fett');
  });
});
