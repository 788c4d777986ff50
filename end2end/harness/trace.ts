import type { Page } from '@playwright/test';

interface Entry {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** The processor's time in it: what others took of a busy machine, and waiting for a picture, left out. */
  tdur?: number;
  args?: { name?: string };
}

/** What the page's main thread did, in milliseconds of the processor's time. */
export interface Work {
  /** Tasks in which a picture was made. */
  pictures: number[];
  tasks: number[];
}

/** Traces what the main thread does meanwhile. */
export async function traced(page: Page, act: () => Promise<unknown>): Promise<Work> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Entry[] };
  const of = (name: string) => traceEvents.filter((entry) => entry.ph === 'X' && entry.name === name);
  const frames = of('FireAnimationFrame');
  // The page's own main thread is the one that made its pictures.
  const thread = most(frames.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = of('RunTask').concat(of('ThreadControllerImpl::RunTask')).filter(({ pid, tid }) => `${pid} ${tid}` === thread);
  const holds = (task: Entry) => frames.some(({ ts }) => ts >= task.ts && ts <= task.ts + (task.dur ?? 0));
  const ms = ({ dur = 0, tdur = dur }: Entry) => tdur / 1000;
  return { tasks: tasks.map(ms), pictures: tasks.filter(holds).map(ms) };
}

function most(names: string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** The value that this part of all values does not exceed. */
export function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
