import { missing } from "@architech/test-tools";
import { after, type Context } from "mocha";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { chromiumWanted, findChromium, launch } from "./chromium.js";
import { type Lab, startLab } from "./lab.js";

/** One lab and one browser, which all files of the suite share. */
export interface Stage {
  readonly lab: Lab;
  /** A person who has never been here. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Sees a person off and puts the kernels to rest. */
  leave(visitor: BrowserContext): Promise<void>;
}

let lab: Promise<Lab> | undefined;
let browser: Promise<Browser> | undefined;

after(async () => {
  await (await browser)?.close();
  await (await lab)?.stop();
});

/** The browser alone; skips where there is none. */
export function sharedBrowser(context: Context): Promise<Browser> {
  const executable = findChromium();
  if (executable === undefined) return missing(context, chromiumWanted);
  return (browser ??= launch(executable));
}

/** Sets the stage, once; skips where there is no browser. */
export async function stage(context: Context): Promise<Stage> {
  const chromium = await sharedBrowser(context);
  const here = await (lab ??= startLab());
  return {
    lab: here,
    visitor: (options) =>
      chromium.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", ...options }),
    async leave(visitor) {
      await visitor.close();
      await endSessions(here);
    },
  };
}

/** Ends the kernels of all notebooks. */
export async function endSessions(lab: Lab): Promise<void> {
  for (const { id } of (await lab.request("GET", "api/sessions")) as { id: string }[])
    await lab.request("DELETE", `api/sessions/${id}`);
}
