import type { Page } from '@playwright/test';

import { NO_NETWORK, status } from '../harness/guard.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('after a crash of the script the page says how to go on, and what waited is sent', async ({
  people,
  town,
  api,
  guard,
}) => {
  // Its address leads to a knot that only this browser knows of as yet.
  guard.expects(...NO_NETWORK, /RuntimeError: unreachable/, status(404));
  const person = await people.register('Anna');
  const anna = await people.browser(person);
  await keepTheModule(anna.page);
  await anna.open(town.view());
  await anna.page.route('**/api/commands', (route) => route.abort('internetdisconnected'));
  await anna.weave({ title: 'Vor dem Absturz des Skripts' });
  await anna.expectWaiting(1);
  await expect(reload(anna.page)).toBeHidden();
  const before = await api.head();

  await crash(anna.page);
  await expect(reload(anna.page)).toBeVisible();
  expect(await api.head()).toBe(before);
  await anna.page.unroute('**/api/commands');
  await reload(anna.page).click();

  await anna.expectAwake();
  await expect(reload(anna.page)).toBeHidden();
  await expect
    .poll(async () => (await api.log(before)).map((line) => [line.actor.role, line.payload.type]))
    .toEqual([[person.role, 'KnotenGeknuepft']]);
});

test('what is typed outlives a crash of the script and another language', async ({ people, town, guard }) => {
  guard.expects(/RuntimeError: unreachable/);
  const anna = await people.browser(await people.register('Anna'));
  await keepTheModule(anna.page);
  await anna.open(town.view());
  await anna.expectLive();
  await anna.fillIn({ title: 'Angefangen', text: 'Zwei Zeilen,\nbeide bleiben.', kind: 'bed' });
  const expectTyped = async () => {
    await expect(anna.titleField).toHaveValue('Angefangen');
    await expect(anna.textField).toHaveValue('Zwei Zeilen,\nbeide bleiben.');
    await expect(anna.main.locator('[name=kind]:checked')).toHaveValue('bed');
  };
  await crash(anna.page);
  await reload(anna.page).click();
  await anna.expectAwake();
  await expectTyped();

  const fields = anna.main.locator('[name=title-of-knot], [name=text]');
  await anna.page.getByRole('link', { name: 'English' }).click();
  await expect(anna.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(fields.first()).toHaveValue('Angefangen');
  await anna.page.getByRole('link', { name: 'Deutsch' }).click();
  await anna.expectAwake();
  await expectTyped();
  await anna.send();
  await expect(anna.heading('Angefangen')).toBeVisible();
  await anna.fillIn({ title: '' });
  await anna.page.reload();
  await anna.expectAwake();
  await expect(anna.titleField, 'what was sent is not typed again').toHaveValue('');
});

test('a page that the script cannot read says so instead of staying silent', async ({ app, guard, people, town }) => {
  guard.expects(/does not know this page/);
  const bert = await people.register('Bert');
  await people.does(bert, {
    act: 'knot-node', node: crypto.randomUUID(), kind: 'idea', title: 'Noch lesbar', text: '', place: town.at(), starts_at: null,
  });
  await app.page.route(/\/\?@/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/(<script[^>]* id="page"[^>]*>)\{/, '$1{"von":"morgen"}{');
    await route.fulfill({ response: answer, body });
  });
  await app.page.goto(town.view());
  await expect(reload(app.page)).toBeVisible();
  await expect(app.knot('Noch lesbar')).toBeVisible();
});

function reload(page: Page) {
  return page.getByRole('button', { name: word('broken_button') });
}

/** Keeps the exports of the page's WebAssembly module at hand. */
async function keepTheModule(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const name of ['instantiate', 'instantiateStreaming'] as const) {
      const real = WebAssembly[name] as (...given: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
      Reflect.set(WebAssembly, name, async (...given: unknown[]) => {
        const made = await real.apply(WebAssembly, given);
        Reflect.set(window, 'clientOfThisPage', (made.instance ?? made).exports);
        return made;
      });
    }
  });
}

/** Asks the module for memory with an alignment that cannot be: it gives up as it does after a panic. */
async function crash(page: Page): Promise<void> {
  await page.evaluate(() => {
    const exports = Reflect.get(window, 'clientOfThisPage') as Record<string, (...given: number[]) => void>;
    setTimeout(() => exports['__wbindgen_malloc']!(16, 3));
  });
}
