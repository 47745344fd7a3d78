import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Response } from "express";
import { errorHandler } from "#src/http/errors.js";
import { OpenRequests } from "#src/http/open-requests.js";
import { silentLog } from "#src/log.js";

describe("open requests", () => {
  it("past their limit one is refused with the time to wait, and taken again once another is over", async () => {
    const open = new OpenRequests(2);
    const held: Response[] = [];
    const app = express().use(open.admit);
    app.get("/hold", (_request, response) => void held.push(response));
    app.get("/now", (_request, response) => void response.end("done"));
    app.use(errorHandler(silentLog));
    const http = createServer(app).listen(0, "127.0.0.1");
    await once(http, "listening");
    const ask = (path: string, signal?: AbortSignal) =>
      fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`, signal ? { signal } : {});
    const gone = new AbortController();
    const [answered, left] = [ask("/hold"), ask("/hold", gone.signal)];
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));

    const refused = await ask("/now");
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(((await refused.json()) as { code: string }).code, "overloaded");
    assert.throws(() => open.check(), { code: "overloaded" });

    held[0]!.end("done");
    assert.equal(await (await answered).text(), "done");
    assert.equal((await ask("/now")).status, 200);
    // One whose client went away is over as well.
    gone.abort();
    await assert.rejects(left);
    while (open.count > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    http.close();
  });

  it("without a limit any number is taken", () => {
    new OpenRequests(0).check();
  });
});
