import {
  encodeControl,
  encodeFrame,
  frameBody,
  frameFlags,
  isSchemaFrame,
  readFrameHeader,
  tableNumbers,
} from "@architech/protocol";
import { SeriesThinner } from "architech/host";
import type { RunFeed } from "./run-feed.js";

/** Intervals that are made one for a reader that is behind, and for one that is ten times as far behind. */
const few = 10;
const many = 100;

/** Frames of the series that are sent as one, or one that is sent as it is. */
type Sent =
  | { readonly whole: Uint8Array }
  | { readonly from: number; readonly control: Uint8Array; readonly frame: Uint8Array };

/** Pieces as they were thinned for one reader, for the next: every reader is given the same piece. */
const known = new WeakMap<readonly Uint8Array[], Map<number, readonly Sent[]>>();

/** Makes several intervals of the series one, for one reader, while it is too far behind a run that goes on. */
export class Thinning {
  readonly #feed: RunFeed;
  readonly #limit: number;
  #thinner: SeriesThinner | undefined;
  #isOpened = false;

  /** `limit`: how far behind, in bytes. */
  constructor(feed: RunFeed, limit: number) {
    this.#feed = feed;
    this.#limit = limit;
  }

  /** What is sent in place of some frames. `waited`: whether the reader had to be waited for since the last. */
  async of(frames: readonly Uint8Array[], waited: boolean): Promise<readonly Uint8Array[]> {
    const first = frames[0];
    if (!waited || first === undefined) return frames;
    const intervals = await this.#intervals(readFrameHeader(first).seq);
    const series = this.#feed.opening(tableNumbers.series);
    if (intervals === 1 || series === undefined) return frames;
    this.#thinner ??= new SeriesThinner(frameBody(series));
    const thinner = this.#thinner;
    return thin(frames, intervals, thinner).flatMap((sent) => {
      if ("whole" in sent) return [sent.whole];
      const opening = this.#isOpened ? [] : [openingFrame(thinner, sent.from)];
      this.#isOpened = true;
      return [...opening, sent.control, sent.frame];
    });
  }

  /** How many intervals are made one for a reader that has a frame next. */
  async #intervals(next: number): Promise<number> {
    const { live, info } = await this.#feed.glance();
    const { frames, bytes } = info;
    const behind = ((frames - next) * bytes) / Math.max(1, frames);
    if (!live || behind <= this.#limit) return 1;
    return behind <= 10 * this.#limit ? few : many;
  }
}

/** Frames with each row of the series, that is of frames that follow one another, thinned. */
function thin(frames: readonly Uint8Array[], intervals: number, thinner: SeriesThinner): readonly Sent[] {
  const before = known.get(frames)?.get(intervals);
  if (before !== undefined) return before;
  const sent: Sent[] = [];
  let series: Uint8Array[] = [];
  const close = (): void => {
    if (series.length > 0) sent.push(thinned(series, intervals, thinner));
    series = [];
  };
  for (const frame of frames) {
    const header = readFrameHeader(frame);
    if (header.table === tableNumbers.series && !isSchemaFrame(header)) series.push(frame);
    else {
      close();
      sent.push({ whole: frame });
    }
  }
  close();
  known.set(frames, (known.get(frames) ?? new Map<number, readonly Sent[]>()).set(intervals, sent));
  return sent;
}

function thinned(frames: readonly Uint8Array[], intervals: number, thinner: SeriesThinner): Sent {
  const from = readFrameHeader(frames[0]!).seq;
  const last = from + frames.length - 1;
  return {
    from,
    control: encodeControl({ type: "thinned", from, to: last + 1, intervals }),
    frame: encodeFrame(
      { table: tableNumbers.thinned, flags: frameFlags.thinned, seq: last },
      thinner.thin(frames.map(frameBody), intervals),
    ),
  };
}

/** Opens the table of merged rows; it takes no number of its own, for it is not of the stream. */
function openingFrame({ opening }: SeriesThinner, before: number): Uint8Array {
  const header = { table: tableNumbers.thinned, flags: frameFlags.schema | frameFlags.thinned, seq: before - 1 };
  return encodeFrame(header, opening);
}
