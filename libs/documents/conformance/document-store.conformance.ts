/** What every adapter of the port `DocumentStore` must do. An adapter's int-spec calls this with a harness. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DocumentKey } from '@stepwell/storage';
import type { DocumentStore } from '../document-store.port.js';

export interface DocumentStoreHarness {
  readonly store: DocumentStore;
  /** How much is kept, whole or in part: rows, objects or parts. */
  count(): Promise<number>;
  close(): Promise<void>;
}

const MEGABYTE = 1024 * 1024;

export function documentStoreConformance(adapter: string, prepare: () => Promise<DocumentStoreHarness>): void {
  describe(`${adapter} as a store of documents`, () => {
    let harness: DocumentStoreHarness;
    beforeAll(async () => {
      harness = await prepare();
    });
    afterAll(() => harness.close());

    const keyOf = (tenant = 'default'): DocumentKey => ({ tenant, id: randomUUID() });

    it.each([0, 1, 256 * 1024, 256 * 1024 + 1, 7 * MEGABYTE])('gives back what it was given, of %d bytes', async (size) => {
      const [key, content] = [keyOf(), randomBytes(size)];
      await harness.store.write(key, inParts(content, 100_000));
      expect(Buffer.compare(await all(harness.store.read(key)), content)).toBe(0);
    });

    it('takes and gives piece by piece, so that a large document is never whole in memory', async () => {
      const key = keyOf();
      const size = 64 * MEGABYTE;
      const [sent, got] = [createHash('sha256'), createHash('sha256')];
      const part = randomBytes(MEGABYTE);
      let most = 0;
      // What is held, not what waits to be collected; what the first collection has found is freed before the second. Asked twice or so
      // on each way, far along it too, for it takes a fifth of a second.
      const held = () => (collectGarbage(), collectGarbage(), process.memoryUsage().arrayBuffers);
      let passed = 0;
      const note = ({ length }: Uint8Array) => {
        passed += length;
        if (passed % (24 * MEGABYTE) < length) most = Math.max(most, held());
      };
      const before = held();
      async function* parts() {
        for (let given = 0; given < size; given += part.length) {
          const fresh = Buffer.from(part);
          sent.update(fresh);
          note(fresh);
          yield fresh;
        }
      }
      await harness.store.write(key, parts());
      for await (const piece of harness.store.read(key)) {
        got.update(piece);
        note(piece);
      }
      expect(got.digest('hex')).toBe(sent.digest('hex'));
      expect(most - before).toBeLessThan(size / 2);
    });

    it('keeps tenants apart, whatever they are called', async () => {
      const { id } = keyOf();
      const tenants = ['a', 'b', 'a/b', '../b', 'ä %'];
      for (const tenant of tenants) await harness.store.write({ tenant, id }, inParts(Buffer.from(tenant), 1));
      for (const tenant of tenants) expect(String(await all(harness.store.read({ tenant, id })))).toBe(tenant);
      await harness.store.remove({ tenant: 'a', id });
      await expect(all(harness.store.read({ tenant: 'a', id }))).rejects.toThrow();
      expect(String(await all(harness.store.read({ tenant: 'a/b', id })))).toBe('a/b');
    });

    it('does not give what was removed, or was never there; removing it again is no error', async () => {
      const key = keyOf();
      await harness.store.write(key, inParts(Buffer.from('x'), 1));
      await harness.store.remove(key);
      await harness.store.remove(key);
      await expect(all(harness.store.read(key))).rejects.toThrow();
      await expect(all(harness.store.read(keyOf()))).rejects.toThrow();
    });

    it('fails as its source fails, and has nothing left once that is removed', async () => {
      const before = await harness.count();
      const key = keyOf();
      async function* broken() {
        yield randomBytes(6 * MEGABYTE);
        await Promise.resolve();
        throw new Error('The line went dead.');
      }
      await expect(harness.store.write(key, broken())).rejects.toThrow('The line went dead.');
      await harness.store.remove(key);
      expect(await harness.count()).toBe(before);
    });

    it('can be left in the middle', async () => {
      const key = keyOf();
      await harness.store.write(key, inParts(randomBytes(3 * MEGABYTE), MEGABYTE));
      for await (const piece of harness.store.read(key)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect((await all(harness.store.read(key))).length).toBe(3 * MEGABYTE);
    });
  });
}

async function* inParts(content: Buffer, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  await Promise.resolve();
  for (let from = 0; from < content.length; from += bytes) yield content.subarray(from, from + bytes);
}

async function all(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
