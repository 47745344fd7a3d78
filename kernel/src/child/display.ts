import { randomUUID } from "node:crypto";
import type { Reporter } from "./reporter.js";
import { bundleOf, displaySymbol } from "./shown.js";

/** Something shown that can be shown anew in its place. */
export interface Shown {
  readonly id: string;
  update(value: unknown): Promise<void>;
}

interface BundleOptions {
  readonly id?: string;
  readonly update?: boolean;
  readonly metadata?: Record<string, unknown>;
}

/** The global `display`: shows a value below the cell, at once. */
export interface Display {
  (value: unknown): Promise<Shown>;
  html(text: string): Shown;
  markdown(text: string): Shown;
  svg(text: string): Shown;
  json(value: unknown): Shown;
  bundle(data: Record<string, unknown>, options?: BundleOptions): Shown;
  clear(options?: { wait?: boolean }): void;
}

/** Builds the global `display`. */
export function createDisplay(reporter: Reporter): Display {
  /** Sends a bundle; `again` makes the next one from what `update` is given. */
  const show = (
    data: Record<string, unknown>,
    again: (value: unknown) => Promise<Record<string, unknown>>,
    { id = randomUUID(), update = false, metadata = {} }: BundleOptions = {},
  ): Shown => {
    const send = (next: Record<string, unknown>, renew: boolean): void =>
      reporter.send({ type: "display", bundle: { data: next, metadata }, displayId: id, update: renew });
    send(data, update);
    const shown: Shown = { id, update: async (value) => send(await again(value), true) };
    // as the last expression of a cell it has been shown already
    return Object.defineProperty(shown, displaySymbol, { value: () => undefined });
  };
  const dataOf = async (value: unknown): Promise<Record<string, unknown>> =>
    (await bundleOf(value))?.data ?? { "text/plain": String(value) };
  const as = (mime: string) => {
    const bundle = (text: unknown): Record<string, unknown> => ({ [mime]: String(text) });
    return (text: string): Shown => show(bundle(text), async (next) => bundle(next));
  };
  const json = (value: unknown): Record<string, unknown> => ({
    "application/json": value,
    "text/plain": JSON.stringify(value),
  });
  const display = async (value: unknown): Promise<Shown> => show(await dataOf(value), dataOf);
  return Object.assign(display, {
    html: as("text/html"),
    markdown: as("text/markdown"),
    svg: as("image/svg+xml"),
    json: (value: unknown) => show(json(value), async (next) => json(next)),
    bundle: (data: Record<string, unknown>, options: BundleOptions = {}) => show(data, dataOf, options),
    clear: ({ wait = false } = {}) => reporter.send({ type: "clear", wait }),
  });
}
