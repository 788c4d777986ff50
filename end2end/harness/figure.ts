/** Says how long something took, in milliseconds: for docs/performance.md. Nothing is asserted of it. */
export function figure(what: string, since: number): void {
  figures(what, performance.now() - since);
}

/** The same of something that took so many milliseconds; the middle and the longest of several. */
export function figures(what: string, ...took: number[]): void {
  const sorted = took.toSorted((one, other) => one - other).map(Math.round);
  const middle = sorted[Math.floor(sorted.length / 2)];
  console.log(`figure: ${what}: ${sorted.length > 1 ? `${middle} ms, at most ${sorted.at(-1)} ms` : `${middle} ms`}`);
}
