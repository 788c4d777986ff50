import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from '@playwright/test';
import lighthouse, { type RunnerResult } from 'lighthouse';

import { freePort } from './ports.ts';
import { MAP_FLAGS, launchOptions } from './browser.ts';

/** The whole reports, to be read in a browser; git ignores them. */
const FOLDER = join(import.meta.dirname, '..', 'reports');

export const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Report {
  /** From 0 to 100. */
  scores: Record<Category, number>;
  /** What Lighthouse reckons for slow 4G and a processor four times slower, in milliseconds; the layout shift without unit. */
  metrics: Record<string, number>;
  /** What took points, by its title. */
  failed: string[];
}

/** On a busy machine a trace may come without its beginning; Lighthouse then asks to be run again. */
const UNFINISHED = ['NO_NAVSTART', 'NO_TRACING_STARTED', 'NO_FCP'];
const RUNS_MAX = 3;

async function run(url: string, port: number): Promise<RunnerResult> {
  for (let nth = 1; ; nth += 1) {
    const result = await lighthouse(url, { port, output: 'html', logLevel: 'error', onlyCategories: [...CATEGORIES] });
    if (!result) throw new Error('Lighthouse had nothing to say');
    const error = result.lhr.runtimeError;
    if (!error) return result;
    if (nth === RUNS_MAX || !UNFINISHED.includes(error.code)) throw new Error(error.message);
  }
}

/** Lighthouse's own view of a page: a phone, the network and processor simulated from what this machine did. The report is kept as `name`. */
export async function audit(url: string, name: string): Promise<Report> {
  const profile = await mkdtemp(join(tmpdir(), 'weltgewebe-lighthouse-'));
  const port = await freePort();
  const { args = [], ...options } = launchOptions(MAP_FLAGS);
  const browser = await chromium.launchPersistentContext(profile, { ...options, args: [...args, `--remote-debugging-port=${port}`] });
  try {
    const { lhr, report } = await run(url, port);
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, `${name}.html`), String(report));
    const scores = Object.fromEntries(CATEGORIES.map((category) => [category, Math.round((lhr.categories[category]?.score ?? 0) * 100)]));
    const timed = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'speed-index', 'cumulative-layout-shift', 'interactive'];
    const metrics = Object.fromEntries(timed.map((id) => [id, lhr.audits[id]?.numericValue ?? NaN]));
    const failed = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 0.9).map(({ id, title, displayValue }) => `${id}: ${title} ${displayValue ?? ''}`);
    return { scores: scores as Record<Category, number>, metrics, failed };
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
