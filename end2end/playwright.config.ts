import { defineConfig, type PlaywrightTestOptions } from '@playwright/test';

import { MAP_FLAGS, PHONE, WIDE, launchOptions } from './harness/browser.ts';

/** German is the first language, and the zone is one where a wrong UTC offset shows. */
const use: Partial<PlaywrightTestOptions> = {
  locale: 'de-DE',
  timezoneId: 'Europe/Vienna',
  actionTimeout: 15_000,
  navigationTimeout: 20_000,
};
/** These draw the map in software beside PostgreSQL and the server, so there are few of them. */
const DRAWN = /(guide|map|map-begins|map-bench|map-drawn|first-view|arrives-on-the-map|lighthouse|flows|marks-map|search-map)\.spec\.ts$/;
/** Measured with the map and without. */
const BOTH = /interaction\.spec\.ts$/;
const PICTURES = /screenshots\.spec\.ts$/;
/** What depends on the width of the window; the rest is the same on both and runs on the phone. */
const BY_WIDTH = { testMatch: /(pages|first-acts|states|change)\.spec\.ts$/, grep: /awake|axe|keyboard|weaving|two browsers/ };

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // One server, one PostgreSQL, two cores.
  workers: 1,
  fullyParallel: false,
  // Where nobody is there to look again; what needed it is listed as flaky.
  retries: process.env['CI'] ? 1 : 0,
  forbidOnly: true,
  timeout: 60_000,
  // Nothing here waits for a time to pass; this bounds how long something observable may take.
  expect: { timeout: 15_000 },
  // What is compared is text, the same on each machine.
  snapshotPathTemplate: '{testDir}/{testFilePath}-snapshots/{arg}{ext}',
  reporter: [['list']],
  use,
  projects: [
    { name: 'phone', use: { ...PHONE, launchOptions: launchOptions() }, testIgnore: [DRAWN, PICTURES] },
    { name: 'desktop', use: { ...WIDE, launchOptions: launchOptions() }, ...BY_WIDTH },
    { name: 'map', use: { ...PHONE, launchOptions: launchOptions(MAP_FLAGS) }, testMatch: [DRAWN, BOTH] },
    { name: 'pictures', use: { launchOptions: launchOptions(MAP_FLAGS) }, testMatch: PICTURES },
  ],
});
