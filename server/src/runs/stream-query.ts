import { ArchitechError } from "@architech/protocol";

/** What a reader asks of a stream. */
export interface StreamQuery {
  /** The first frame that it wants. */
  readonly offset: number;
  /** Whether intervals of the series may be merged where it cannot keep up. */
  readonly thin: boolean;
}

/** Reads `?offset=N&thin=1`. Throws `invalid-argument`. */
export function parseStreamQuery(search: URLSearchParams): StreamQuery {
  return { offset: parseOffset(search.get("offset") ?? "0"), thin: parseThin(search.get("thin") ?? "0") };
}

function parseOffset(text: string): number {
  const offset = Number(text);
  if (!/^\d{1,10}$/.test(text) || offset > 0xffff_ffff)
    throw new ArchitechError(
      "invalid-argument",
      `the offset is the number of a frame from 0, not "${text.slice(0, 40)}"`,
      { path: ["offset"] },
    );
  return offset;
}

function parseThin(text: string): boolean {
  if (text === "0" || text === "1") return text === "1";
  throw new ArchitechError(
    "invalid-argument",
    `"thin" is 1, the version of thinning that there is, or 0 for every row, not "${text.slice(0, 40)}"`,
    { path: ["thin"] },
  );
}
