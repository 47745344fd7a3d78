import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What JupyterLab and its libraries say by themselves, in every JupyterLab of this version. */
const notOurs = [/^Invalid access: Add Yjs type to a document/, /^\[yjs#509\] Not same Y\.Doc/];

/** What went wrong in a page, or was asked for elsewhere. */
export class Watch {
  readonly #complaints: string[] = [];

  constructor(page: Page) {
    page.on("console", (message) => {
      const [type, text] = [message.type(), message.text()];
      if (type === "error" || (type === "warning" && !notOurs.some((known) => known.test(text))))
        this.#complaints.push(`${type}: ${text} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // A page that is left breaks off what it has asked for.
      if (reason !== "net::ERR_ABORTED") this.#complaints.push(`failed: ${request.url()} ${reason}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.#complaints.push(`${response.status()}: ${response.url()}`);
    });
    page.on("request", (request) => this.#local(request.url()));
    page.on("websocket", (socket) => this.#local(socket.url()));
  }

  /** Fails when the page has complained, naming every complaint. */
  assertQuiet(): void {
    assert.deepEqual(this.#complaints, []);
  }

  #local(url: string): void {
    const { protocol, hostname } = new URL(url);
    if (!["data:", "blob:"].includes(protocol) && hostname !== "127.0.0.1")
      this.#complaints.push(`asked elsewhere: ${url}`);
  }
}
