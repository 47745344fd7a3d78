import assert from "node:assert/strict";
import { missing } from "@architech/test-tools";
import { MongoDocuments } from "#src/contents/mongo/mongo-documents.js";
import { startMongo, type TestMongo } from "../mongo/mongo-server.js";
import { serve } from "../serving.js";
import { FaultyLink } from "./faulty-link.js";
import { report, timed } from "./one-bus.js";

describe("a database of documents that dies and comes back", function () {
  this.timeout(60_000);
  let mongo: TestMongo;
  before(async function () {
    if (process.env["ARCHITECH_TEST_MONGO_URL"])
      missing(this, "a MongoDB that may be ended (unset ARCHITECH_TEST_MONGO_URL)");
    const started = await startMongo();
    mongo = "missing" in started ? missing(this, started.missing) : started;
  });
  after(() => mongo?.stop());

  it("is told by 503 and by /readyz, nothing hangs, and all works again by itself", async () => {
    const link = await FaultyLink.to(mongo.url);
    const documents = await MongoDocuments.open(link.url, { timeoutMs: 1_000 });
    const { request, json } = await serve({ documents });
    const file = { type: "file", format: "text", content: "x" };
    await json("PUT", "api/contents/a.txt", file);
    assert.equal((await request("GET", "readyz")).status, 200);

    await mongo.stop();
    const [seconds, answers] = await timed(() =>
      Promise.all([
        request("GET", "api/contents/a.txt"),
        request("PUT", "api/contents/b.txt", file),
        request("GET", "api/contents"),
      ]),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 503);
      assert.equal(((await answer.json()) as { code: string }).code, "service-unavailable");
      assert.ok(answer.headers.has("retry-after"));
    }
    const ready = await request("GET", "readyz");
    assert.deepEqual(
      [ready.status, ((await ready.json()) as { checks: object }).checks],
      [503, { process: "ok", documents: "failed" }],
    );
    assert.equal((await request("GET", "api/kernelspecs")).status, 200);

    const again = await startMongo();
    assert.ok(!("missing" in again));
    mongo = again;
    link.target = new URL(again.url);
    const [back] = await timed(async () => {
      while ((await request("PUT", "api/contents/b.txt", file)).status !== 201) assert.ok(true);
    });
    assert.equal((await json("GET", "api/contents/b.txt"))["content"], "x");
    assert.equal((await request("GET", "readyz")).status, 200);
    report(`MongoDB ended: refused within ${seconds} s; back, documents are saved ${back} s later`);
    await link.close();
  });
});
