import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { type Page, expect } from '@playwright/test';

/** What a picture of a part of the page shows. */
export interface Seen {
  /** Different colours in it; a blank canvas has one. */
  colours: number;
  /** Pixels that look different from the earlier picture, and the middle of them. */
  changed: number;
  x: number;
  y: number;
  /** The one of them that is nearest to their middle. */
  nearest: { x: number; y: number };
}

/** How different a pixel has to be to count, of 765. */
const DIFFERENT = 60;

/** As often a picture is taken at most until it stands still: somewhere a spool may turn. */
const TAKES_MAX = 4;

/** Takes a picture once what came into it has come to rest: two in a row are the same. */
export async function shoot(page: Page, path: string): Promise<void> {
  let png = await page.screenshot();
  for (let take = 1; take < TAKES_MAX; take += 1) {
    const next = await page.screenshot();
    if (next.equals(png)) break;
    png = next;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, png);
}

/** A part of the window. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The part of a phone's or a desktop's map that no panel covers. */
export async function clearOfPanels(page: Page): Promise<Box> {
  const { width, height } = page.viewportSize()!;
  return width < 960
    ? { x: 0, y: 70, width: width - 60, height: Math.round(height * 0.42) - 70 }
    : { x: Math.round(width * 0.45), y: 70, width: Math.round(width * 0.45), height: height - 140 };
}

/** Looks at the uncovered map, or a part of it; `before` is an earlier picture of it, from which a pixel has to be so `different`. */
export async function look(page: Page, before?: Buffer, different = DIFFERENT, part?: Box): Promise<Seen & { png: Buffer }> {
  const clip = part ?? (await clearOfPanels(page));
  const png = await page.screenshot({ clip, scale: 'css' });
  const seen = await page.evaluate(compare, [
    png.toString('base64'),
    (before ?? png).toString('base64'),
    different,
  ] as const);
  const nearest = { x: seen.nearest.x + clip.x, y: seen.nearest.y + clip.y };
  return { ...seen, x: seen.x + clip.x, y: seen.y + clip.y, nearest, png };
}

/** Looks once what came into it has come to rest: two in a row are the same. */
export async function still(page: Page, part?: Box): Promise<Seen & { png: Buffer }> {
  let seen = await look(page, undefined, undefined, part);
  await expect
    .poll(async () => {
      seen = await look(page, seen.png, 12, part);
      return seen.changed;
    }, { intervals: [1500] })
    .toBe(0);
  return seen;
}

/** How many different colours a picture has; a blank one has one. */
export async function colours(page: Page, png: Buffer): Promise<number> {
  return (await page.evaluate(compare, [png.toString('base64'), png.toString('base64'), DIFFERENT] as const)).colours;
}

async function compare([now, before, different]: readonly [string, string, number]): Promise<Seen> {
  const pixels = async (base64: string) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    pen.drawImage(image, 0, 0);
    return pen.getImageData(0, 0, image.width, image.height);
  };
  const [{ data, width }, { data: old }] = [await pixels(now), await pixels(before)];
  const colours = new Set<number>();
  const found: [number, number][] = [];
  for (let at = 0; at < data.length; at += 4) {
    const off = (channel: number) => Math.abs(data[at + channel]! - old[at + channel]!);
    colours.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    if (off(0) + off(1) + off(2) < different) continue;
    found.push([(at / 4) % width, Math.floor(at / 4 / width)]);
  }
  const middle = (axis: 0 | 1) => found.reduce((sum, pixel) => sum + pixel[axis], 0) / Math.max(1, found.length);
  const [x, y] = [middle(0), middle(1)];
  const far = ([left, top]: [number, number]) => Math.hypot(left - x, top - y);
  const near = found.reduce((best, pixel) => (far(pixel) < far(best) ? pixel : best), found[0] ?? [0, 0]);
  return { colours: colours.size, changed: found.length, x, y, nearest: { x: near[0], y: near[1] } };
}
