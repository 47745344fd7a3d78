import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** What the tests can do nothing without. */
export const chromiumWanted = "Chromium or Chrome (install chromium, or name one in ARCHITECH_TEST_CHROMIUM)";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const otherPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium on this machine. */
export function findChromium(): string | undefined {
  const named = process.env["ARCHITECH_TEST_CHROMIUM"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...otherPlaces].find(existsSync);
}

/** Starts a browser that speaks to nobody of its own accord. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
