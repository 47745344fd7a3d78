import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext } from "playwright-core";
import { type Lab, startLab } from "./lab.js";
import { LabPage } from "./lab-page.js";
import { sharedBrowser } from "./stage.js";

/** A content delivery network as far as a browser sees one: it gets each file once, from the lab, without its token. */
async function network(): Promise<{ server: Server; url: string; lab?: Lab; refused: string[] }> {
  const kept = new Map<string, { head: Record<string, string>; body: Buffer }>();
  const here: { server: Server; url: string; lab?: Lab; refused: string[] } = {
    refused: [],
    url: "",
    server: createServer(async (request, response) => {
      const path = (request.url ?? "").replace(/^\/architech\//, "");
      let file = kept.get(path);
      if (file === undefined) {
        const from = await fetch(`${here.lab!.url}static/lab/${path}`);
        if (!from.ok || !from.headers.get("cache-control")?.startsWith("public, max-age=31536000"))
          here.refused.push(`${path}: ${from.status} ${from.headers.get("cache-control")}`);
        const head = Object.fromEntries(
          [...from.headers].filter(([name]) => /^(content-type|cache-control|access-control|cross-origin)/.test(name)),
        );
        kept.set(path, (file = { head, body: Buffer.from(await from.arrayBuffer()) }));
      }
      response.writeHead(200, file.head).end(file.body);
    }),
  };
  here.server.listen(0, "127.0.0.1");
  await once(here.server, "listening");
  here.url = `http://127.0.0.1:${(here.server.address() as AddressInfo).port}/architech`;
  return here;
}

describe("built files from another origin", () => {
  let at: Awaited<ReturnType<typeof network>>;
  let context: BrowserContext;
  before(async function () {
    const browser = await sharedBrowser(this);
    at = await network();
    at.lab = await startLab({ ARCHITECH_STATIC_ORIGIN: at.url });
    context = await browser.newContext();
    context.setDefaultTimeout(60_000);
  });
  after(async () => {
    await context?.close();
    await at?.lab?.stop();
    at?.server.close();
  });

  it("the lab opens and runs a cell with a chart, and its own server is asked for none of them", async () => {
    const asked: string[] = [];
    context.on("request", (request) => asked.push(request.url()));
    const lab = await LabPage.open(context, at.lab!);
    await lab.page.locator(".jp-LauncherCard", { hasText: "TypeScript (Architech)" }).first().click();
    await lab.untilIdle();
    await lab.write(0, 'import { plot, dot } from "architech";\nplot({ marks: [dot([[1, 2], [3, 4]])] });');
    await lab.runCell();
    await lab.cell(0).locator(".jp-OutputArea-output svg circle").first().waitFor();
    assert.deepEqual(at.refused, []);
    assert.deepEqual(
      asked.filter((url) => url.startsWith(`${at.lab!.url}static/`)),
      [],
    );
    assert.ok(asked.filter((url) => url.startsWith(`${at.url}/`)).length > 50);
    lab.watch.assertQuiet();
  });
});
