import type { Distribution } from "../engine/distribution.js";
import { check } from "../model/check.js";
import { time as shape } from "../model/format-time.js";
import type { TimeDocument } from "../model/time-document.js";
import { parseDuration } from "../units/duration.js";
import { distributionOf } from "./distribution.js";

/** Distributions that are kept read at most, and how long the text of one may be. */
const most = 1_000;
const longest = 1_000;

/** Reads times that functions make up as they run. */
export class CustomTimes {
  /** Distributions by their text: functions make equal ones anew for each request. */
  readonly #known = new Map<string, Distribution>();

  /** The distribution of a time. Throws `unit-invalid` or `model-invalid` where it is none; the latter says that of `what`. */
  read(time: unknown, what: string): Distribution {
    if (typeof time === "string") return { kind: "constant", value: parseDuration(time) };
    const text = JSON.stringify(time);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const distribution = distributionOf(check(shape, time, [what]) as TimeDocument);
    if (this.#known.size === most) this.#known.clear();
    if (text.length <= longest) this.#known.set(text, distribution);
    return distribution;
  }
}
