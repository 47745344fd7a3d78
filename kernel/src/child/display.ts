import { randomUUID } from "node:crypto";
import type { Reporter } from "./reporter.js";
import { bundleOf } from "./shown.js";

/** Something shown that can be shown anew in its place. */
export interface Shown {
  readonly id: string;
  update(value: unknown): Promise<void>;
}

/** The global `display`: shows a value below the cell, at once. */
export interface Display {
  (value: unknown): Promise<Shown>;
  html(text: string): Shown;
  markdown(text: string): Shown;
  svg(text: string): Shown;
  json(value: unknown): Shown;
  /** A bundle of representations by MIME type; the front end takes the richest it can show. */
  bundle(
    data: Record<string, unknown>,
    options?: { id?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): Shown;
  /** Clears what the cell has shown; with `wait` only when the next thing is shown, which avoids a flicker. */
  clear(options?: { wait?: boolean }): void;
}

/** Builds the global `display`. */
export function createDisplay(reporter: Reporter): Display {
  const bundle: Display["bundle"] = (data, { id = randomUUID(), update = false, metadata = {} } = {}) => {
    reporter.send({ type: "display", bundle: { data, metadata }, displayId: id, update });
    return {
      id,
      update: async (value) => {
        const next = await bundleOf(value);
        reporter.send({ type: "display", bundle: next, displayId: id, update: true });
      },
    };
  };
  const as =
    (mime: string) =>
    (text: string): Shown =>
      ofKind(bundle({ [mime]: String(text) }), mime, reporter);
  const display = async (value: unknown): Promise<Shown> => bundle((await bundleOf(value)).data);
  return Object.assign(display, {
    html: as("text/html"),
    markdown: as("text/markdown"),
    svg: as("image/svg+xml"),
    json: (value: unknown) => bundle({ "application/json": value, "text/plain": JSON.stringify(value) }),
    bundle,
    clear: ({ wait = false } = {}) => reporter.send({ type: "clear", wait }),
  });
}

/** `display.html(a)` renewed by `update(b)` shows `b` as HTML too when it is text. */
function ofKind(shown: Shown, mime: string, reporter: Reporter): Shown {
  return {
    id: shown.id,
    update: async (value) => {
      if (typeof value !== "string") return shown.update(value);
      const bundle = { data: { [mime]: value }, metadata: {} };
      reporter.send({ type: "display", bundle, displayId: shown.id, update: true });
    },
  };
}
