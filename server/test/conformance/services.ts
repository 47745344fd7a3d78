import { createRequire } from "node:module";
import type * as Services from "@jupyterlab/services";
import { WebSocket } from "ws";
import type { Serving } from "../serving.js";

/** The lab's own client, which is a CommonJS package. */
export const services: typeof Services = createRequire(import.meta.url)("@jupyterlab/services") as typeof Services;

/** How the lab's client reaches a server from Node. */
export function settingsOf(serving: Serving): Services.ServerConnection.ISettings {
  const { url, token } = serving.server;
  return services.ServerConnection.makeSettings({
    baseUrl: url,
    wsUrl: url.replace("http", "ws"),
    token,
    appendToken: true,
    WebSocket: WebSocket as never,
  });
}

/** Runs something with the client's talk about connections kept out of the report. */
export function quietly(): { restore(): void } {
  const { debug, warn, error } = console;
  console.debug = () => undefined;
  console.warn = () => undefined;
  console.error = (...words: unknown[]) => {
    if (!/Connection lost|Canceled future/.test(String(words[0]))) error(...words);
  };
  return { restore: () => Object.assign(console, { debug, warn, error }) };
}
