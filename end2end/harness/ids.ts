import { randomBytes } from 'node:crypto';

/** A UUIDv7, as clients make them. */
export function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The H3 cell that contains `cell` at a coarser resolution, both as hexadecimal text. */
export function parent(cell: string, resolution: number): string {
  let index = BigInt(`0x${cell}`);
  index = (index & ~(0xfn << 52n)) | (BigInt(resolution) << 52n);
  for (let digit = resolution + 1; digit <= 15; digit += 1) index |= 7n << BigInt(3 * (15 - digit));
  return index.toString(16);
}

/** The resolution of an H3 cell. */
export function resolution(cell: string): number {
  return Number((BigInt(`0x${cell}`) >> 52n) & 0xfn);
}
