/** Says how long something took, in milliseconds: for docs/performance.md. Nothing is asserted of it. */
export function figure(what: string, since: number): void {
  console.log(`figure: ${what}: ${Math.round(performance.now() - since)} ms`);
}
