import { type Locator, type Page, expect } from '@playwright/test';

export class AppPage {
  readonly page: Page;
  constructor(page: Page) { this.page = page; }
  async open(path: string): Promise<void> { await this.page.goto(path); }
}
