import { expect } from '@playwright/test';

import type { AppPage } from './app.ts';
import { uuid7 } from './ids.ts';
import type { People } from './people.ts';
import type { Town } from './town.ts';
import { word } from './words.ts';

/** A thing to be lent here, a feast of it some streets away at which something was said, and somebody who is not on the map and knows
 * about it. Whoever searches finds what all tests have woven, so `what` and `said` are words that no other test has. */
export async function weave(people: People, town: Town, what: string, said: string): Promise<{ near: string; far: string }> {
  const anna = await people.register('Anna', { show: 'exact', place: town.at(0, 120) });
  const lender = await people.register('Ottokar');
  const [near, far] = [uuid7(), uuid7()];
  await people.does(anna, { act: 'knot-node', node: far, kind: 'event', title: `${what}fest`, text: 'Mit Äpfeln.', place: town.at(60, 400), starts_at: Date.now() + 86_400_000 });
  await people.does(anna, { act: 'knot-node', node: near, kind: 'tool', title: `${what} leihen`, text: '', place: town.at(60, 40), starts_at: null });
  await people.does(lender, { act: 'send-message', message: uuid7(), node: far, text: `Ich bringe ${said} mit.` });
  await people.does(lender, { act: 'describe-role', skills: [`${what}n stimmen`] });
  return { near, far };
}

export const field = (app: AppPage) => app.main.getByRole('searchbox', { name: word('search_label') });
export const titles = (app: AppPage) => app.main.locator('.list .row-title');

export async function openSearch(app: AppPage): Promise<void> {
  await app.bar.getByRole('link', { name: word('bar_search') }).click();
  await expect(app.heading(word('search_title'))).toBeVisible();
  await expect(field(app), 'one can type at once').toBeFocused();
}
