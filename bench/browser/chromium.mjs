import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const otherPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** What is said where there is none. */
export const chromiumWanted =
  "there is no Chromium or Chrome (install chromium, or name one in ARCHITECH_TEST_CHROMIUM)";

/** Path of a Chromium on this machine. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const named = process.env.ARCHITECH_TEST_CHROMIUM;
  if (named) return named;
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...otherPlaces].find(existsSync);
}

/** A browser that has nothing in its cache and speaks to nobody of its own accord. */
export function launch(executablePath) {
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
