import { randomBytes } from "node:crypto";

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** A name that no other test uses. */
export function unique(what: string): string {
  return `${what}-${randomBytes(5).toString("hex")}`;
}

/** Everything that an iterable gives until it ends. */
export async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const bytes of source) all.push(Buffer.from(bytes));
  return all;
}

/** For `assert.rejects`: an error with that code. */
export function failing(code: string): (error: unknown) => boolean {
  return (error) => {
    const { code: found, message } = error as { code?: string; message?: string };
    if (found !== code) throw new Error(`${code} was expected, not ${found}: ${message}`);
    return true;
  };
}
