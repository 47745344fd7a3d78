import { inspect } from "node:util";
import type { Bundle } from "../process/messages.js";

/** A method by this name gives the MIME bundle of an object; other TypeScript kernels know it too. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

type Displayable = { [displaySymbol](): unknown };

const isDisplayable = (value: unknown): value is Displayable =>
  ((typeof value === "object" && value !== null) || typeof value === "function") &&
  typeof (value as Partial<Displayable>)[displaySymbol] === "function";

/**
 * How a value is shown: by its own `Symbol.for("Jupyter.display")` method, or as Node prints it. Not at all when it is
 * `undefined`, or when that method returns nothing.
 */
export async function bundleOf(value: unknown): Promise<Bundle | undefined> {
  if (value === undefined) return undefined;
  if (isDisplayable(value)) {
    const data = await value[displaySymbol]();
    if (data === undefined) return undefined;
    if (typeof data === "object" && data !== null) return { data: data as Record<string, unknown>, metadata: {} };
  }
  return { data: { "text/plain": inspect(value, { depth: 4, maxArrayLength: 100, breakLength: 100 }) }, metadata: {} };
}
