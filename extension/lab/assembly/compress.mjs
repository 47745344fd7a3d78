// Puts a compressed copy beside each text file, so that the server compresses nothing while it serves.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const isText = (name) => /\.(js|css|svg|json|html)$/.test(name);
const leastBytes = 1024;

/** Returns the bytes before and after (brotli). */
export async function compress(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => isText(name));
  const total = { plain: 0, packed: 0 };
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const plain = readFileSync(path);
      if (plain.byteLength < leastBytes) return;
      const [br, gz] = await Promise.all([
        brotli(plain, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: plain.byteLength },
        }),
        zip(plain, { level: 6 }),
      ]);
      writeFileSync(`${path}.br`, br);
      writeFileSync(`${path}.gz`, gz);
      total.plain += plain.byteLength;
      total.packed += br.byteLength;
    }),
  );
  return total;
}
