import { AsyncLocalStorage } from "node:async_hooks";

const cells = new AsyncLocalStorage<string>();

/** Does something as a part of a trace, and all that comes of it. Without one nothing is added. */
export function inTrace<T>(traceparent: string | undefined, act: () => T): T {
  return traceparent === undefined ? act() : cells.run(traceparent, act);
}

/** The trace of the cell that has led here, as a W3C `traceparent`. */
export function currentTrace(): string | undefined {
  return cells.getStore();
}
