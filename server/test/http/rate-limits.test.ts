import assert from "node:assert/strict";
import { clientAddress } from "#src/http/client-address.js";
import { RateLimits, rateLimitHeader, type TooManyRequests } from "#src/http/rate-limits.js";
import { serve } from "../serving.js";

describe("limits of requests", () => {
  it("count each user and address by itself, and say what is left", async () => {
    const limits = new RateLimits({ user: 2, address: 0 });
    assert.equal(limits.policy, '"user";q=2;w=60');
    assert.equal(await limits.take("address", "10.0.0.1"), undefined);
    const left = await limits.take("user", "a");
    assert.equal(rateLimitHeader([left!]), '"user";r=1;t=60');
    await limits.take("user", "a");
    await assert.rejects(limits.take("user", "a"), (error: TooManyRequests) => {
      assert.equal(error.code, "too-many-requests");
      return error.left.requests === 0 && error.left.seconds <= 60;
    });
    assert.equal((await limits.take("user", "b"))?.requests, 1);
  });

  it("an address is the peer's, or what as many proxies say as are trusted, whatever a client says", () => {
    const from = (said: string | undefined, trusted: number) =>
      clientAddress({ socket: { remoteAddress: "peer" }, headers: { "x-forwarded-for": said } } as never, trusted);
    assert.equal(from("forged", 0), "peer");
    assert.equal(from("forged, client", 1), "client");
    assert.equal(from("forged, client, proxy", 2), "client");
    assert.equal(from(undefined, 2), "peer");
  });

  it("who guesses tokens is limited by address; health is asked without end", async () => {
    const serving = await serve({ rateLimits: { address: 3 } });
    const guess = async () =>
      (await serving.request("GET", "/api/kernels", undefined, { authorization: "token x" })).status;
    assert.deepEqual([await guess(), await guess(), await guess(), await guess()], [403, 403, 403, 429]);
    for (let i = 0; i < 5; i++) assert.equal((await serving.request("GET", "/healthz")).status, 200);
    await serving.server.close();
  });

  it("a server for one machine has none", async () => {
    const serving = await serve();
    assert.equal((await serving.request("GET", "/api/me")).headers.get("ratelimit-policy"), null);
    await serving.server.close();
  });
});
