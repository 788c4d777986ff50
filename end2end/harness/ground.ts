import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { Server } from './server.ts';
import { test as base } from './test.ts';
import { Town } from './town.ts';

/** An invented town by the North Sea; `cargo run -p store --example town` writes it. */
const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'garnau.pmtiles');

/** Where it lies. */
export const GARNAU = new Town(54.14957, 8.45947);

/** The same tiles in a file that says of itself that it has none of the layers that are drawn (PMTiles 3: its header tells where). */
export function ofAnotherSchema(file: Buffer): Buffer {
  const [at, length] = [file.readBigUInt64LE(24), file.readBigUInt64LE(32)].map(Number) as [number, number];
  const said = JSON.parse(gunzipSync(file.subarray(at, at + length)).toString()) as { vector_layers: { id: string }[] };
  for (const layer of said.vector_layers) layer.id = `other_${layer.id}`;
  const packed = gzipSync(JSON.stringify(said));
  const other = Buffer.concat([file, packed]);
  other.writeBigUInt64LE(BigInt(file.length), 24);
  other.writeBigUInt64LE(BigInt(packed.length), 32);
  return other;
}

/** A server with a base map, and the file of it, which a test may break: it is a copy. */
export const test = base.extend<object, { file: string; server: Server }>({
  file: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'weltgewebe-basemap-'));
      const file = join(folder, 'garnau.pmtiles');
      await copyFile(FIXTURE, file);
      await use(file);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ file }, use) => {
      const server = await Server.start('--basemap', file);
      await use(server);
      await server.remove();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});
