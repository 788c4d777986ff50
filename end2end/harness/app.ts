import { type Locator, type Page, expect } from '@playwright/test';

import type { Kind } from './api.ts';
import { word } from './words.ts';

/** A knot as a person types it in. */
export interface Knot {
  title: string;
  text?: string;
  kind?: Kind;
  startsAt?: Date;
}

export type Show = 'hidden' | 'exact' | 'radius';

/** The page as a person meets it: by roles, labels and words. */
export class AppPage {
  readonly page: Page;
  readonly main: Locator;
  /** How the live channel stands, and what waits. */
  readonly line: Locator;
  readonly bar: Locator;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.line = page.getByRole('banner').getByRole('status');
    this.bar = page.getByRole('navigation', { name: word('nav_label') });
  }

  /** Loads an address and waits until the script has taken over. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.expectAwake();
  }

  async expectAwake(): Promise<void> {
    await expect(this.page.locator('[data-awake]'), 'the script has taken over').toBeAttached();
  }

  async expectLive(): Promise<void> {
    await expect(this.line).toContainText(word('line_live'), { timeout: 40_000 });
  }

  async expectNotLive(): Promise<void> {
    await expect(this.line).toContainText(new RegExp(['line_reconnecting', 'line_unanswered', 'line_deaf', 'line_offline'].map((key) => word(key)).join('|')));
    await expect(this.line).not.toContainText(word('line_live'));
  }

  /** The map has joined and drawn what there is. */
  async expectMap(): Promise<void> {
    await expect(this.page.locator('#map[data-drawn]'), 'the map is drawn').toBeAttached({ timeout: 30_000 });
    await expect(this.page.locator('.first-weave'), 'what the server drew has gone').toBeHidden();
  }

  /** The base map lies under the weave, with all its tiles. */
  async expectGround(): Promise<void> {
    await expect(this.page.locator('#map[data-laid]'), 'the base map is laid').toBeAttached({ timeout: 40_000 });
  }

  /** Whom the base map comes from. */
  get credit(): Locator {
    return this.page.locator('.map-credit');
  }

  /** Looks at this tab: browsers draw those behind it once a second, if at all. */
  async front(): Promise<void> {
    await this.page.bringToFront();
  }

  /** Waits until the page asks for nothing more. */
  async settled(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
  }

  /** Leaves a mark that a reload would wipe. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => Reflect.set(window, 'marked', true));
  }

  async expectMarked(): Promise<void> {
    expect(await this.page.evaluate(() => Reflect.get(window, 'marked')), 'it was not reloaded').toBe(true);
  }

  /** The open panel's title. */
  heading(title: string): Locator {
    return this.main.getByRole('heading', { level: 1, name: title, exact: true });
  }

  /** The list around the middle of the map. */
  async home(): Promise<void> {
    await this.page.getByRole('banner').getByRole('link', { name: word('site') }).click();
    await expect(this.heading(word('home_title'))).toBeVisible();
  }

  /** A knot's line in the list, nearest first where others have the same title. */
  knot(title: string): Locator {
    return this.main.getByRole('link').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  async openKnot(title: string): Promise<void> {
    await this.home();
    await this.knot(title).first().click();
    await expect(this.heading(title)).toBeVisible();
  }

  /** Knots a node by the form and stays on its panel. */
  async weave(knot: Knot): Promise<void> {
    await this.fillIn(knot);
    await this.send();
    await expect(this.heading(knot.title)).toBeVisible();
  }

  async fillIn({ title, text, kind, startsAt }: Knot): Promise<void> {
    await this.bar.getByRole('link', { name: word('bar_weave_short') }).click();
    await expect(this.heading(word('weave_title'))).toBeVisible();
    if (kind) await this.choose(word(`kind_${kind}`));
    await this.main.getByLabel(word('weave_name')).fill(title);
    if (text !== undefined) await this.main.getByLabel(word('weave_text')).fill(text);
    if (startsAt) await this.main.getByLabel(word('weave_start')).fill(await this.#local(startsAt));
  }

  async send(): Promise<void> {
    await this.#press('weave_submit');
  }

  /** One of several choices; the whole tile is its label. */
  async choose(label: string): Promise<void> {
    const tile = this.main.locator('label').filter({ has: this.page.getByText(label, { exact: true }) });
    await tile.click();
    await expect(tile.getByRole('radio')).toBeChecked();
  }

  /** Opens the form to change the open knot, which is one's own. */
  async change(): Promise<void> {
    await this.main.getByRole('link', { name: word('node_change'), exact: true }).click();
    await expect(this.heading(word('change_title'))).toBeVisible();
  }

  get titleField(): Locator {
    return this.main.getByLabel(word('weave_name'));
  }

  get textField(): Locator {
    return this.main.getByLabel(word('weave_text'));
  }

  /** Sends the change. */
  async save(): Promise<void> {
    await this.#press('change_submit');
  }

  /** One of two versions of the open knot, by whose it is. */
  version(key: 'version_mine' | 'version_other'): Locator {
    const heading = this.page.getByRole('heading', { name: word(key), exact: true });
    return this.main.locator('.version').filter({ has: heading });
  }

  /** Decides between two versions. */
  async decide(key: 'versions_mine' | 'versions_other' | 'versions_edit'): Promise<void> {
    await this.#press(key);
    await expect(this.#button(key)).toHaveCount(0);
  }

  async join(): Promise<void> {
    await this.#press('node_join');
    await expect(this.#button('node_join')).toHaveAttribute('aria-pressed', 'true');
  }

  async renew(): Promise<void> {
    await this.#press('node_join');
  }

  /** Twists the one thread that one has here. */
  async twist(): Promise<void> {
    await this.#press('node_twist');
    await expect(this.#button('node_untwist')).toBeVisible();
  }

  async untwist(): Promise<void> {
    await this.#press('node_untwist');
    await expect(this.#button('node_twist')).toBeVisible();
  }

  async me(): Promise<void> {
    await this.bar.getByRole('link', { name: word('bar_me') }).click();
    await expect(this.heading(word('me_title'))).toBeVisible();
  }

  async register(name: string, show: Show): Promise<void> {
    await this.nameField.fill(name);
    await this.choose(word(`me_place_${show}`));
    await this.#press('me_register_submit');
  }

  async rename(name: string): Promise<void> {
    await this.me();
    await this.nameField.fill(name);
    await this.#press('me_name_submit');
  }

  async place(show: Show): Promise<void> {
    await this.me();
    await this.choose(word(`me_place_${show}`));
    await this.#press('me_place_submit');
  }

  get nameField(): Locator {
    return this.main.getByRole('textbox', { name: word('me_name') });
  }

  async askForLetter(email: string): Promise<void> {
    await this.main.getByLabel(word('sign_in_email')).fill(email);
    await this.#press('sign_in_mail');
  }

  get codeField(): Locator {
    return this.main.getByLabel(word('sign_in_code'));
  }

  async enterCode(code: string): Promise<void> {
    await this.codeField.fill(code);
    await this.#press('sign_in_code_submit');
  }

  async signOut(): Promise<void> {
    await this.me();
    await this.#press('me_sign_out');
    await expect(this.main).toContainText(word('me_guest_title'));
  }

  /** Signs in by the page's own form, without loading it anew. */
  async signIn(email: string, codeOf: (email: string) => Promise<{ code: string }>): Promise<void> {
    await this.me();
    await this.main.getByRole('link', { name: word('me_sign_in') }).click();
    await this.askForLetter(email);
    await expect(this.codeField).toBeVisible();
    await this.enterCode((await codeOf(email)).code);
    await expect(this.main).toContainText(word('me_signed_in', { email }));
  }

  /** How many acts the page says are on their way. */
  async expectWaiting(count: number): Promise<void> {
    const timeout = 30_000;
    if (count === 0) await expect(this.line.getByRole('link')).toHaveCount(0, { timeout });
    else {
      const text = count === 1 ? word('line_waiting_one') : word('line_waiting_many', { n: count });
      await expect(this.line.getByRole('link')).toHaveText(text, { timeout });
    }
  }

  /** An act that still waits, as the page keeps it. */
  waiting(title: string): Locator {
    return this.main.getByRole('listitem').filter({ hasText: title }).filter({ hasText: word('waiting_kept') });
  }

  /** The button that takes a waiting act back. */
  withdrawButton(title: string): Locator {
    return this.waiting(title).getByRole('button', { name: word('waiting_withdraw') });
  }

  /** An act that a rule said no to, as the page keeps it. */
  refused(title: string): Locator {
    return this.main.getByRole('listitem').filter({ hasText: title }).filter({ hasText: word('waiting_refused') });
  }

  /** The button to twist the one thread that one has here. */
  get twistButton(): Locator {
    return this.#button('node_twist');
  }

  #button(key: string): Locator {
    return this.main.getByRole('button', { name: word(key), exact: true });
  }

  async #press(key: string): Promise<void> {
    const button = this.#button(key);
    await expect(button).toBeEnabled();
    await button.click();
  }

  /** A moment as a local time of the page, as its field wants it. */
  async #local(at: Date): Promise<string> {
    return this.page.evaluate((ms) => {
      const date = new Date(ms);
      const two = (number: number) => String(number).padStart(2, '0');
      const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
      return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
    }, at.getTime());
  }
}
