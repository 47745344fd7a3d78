import assert from "node:assert/strict";
import { Metrics } from "#src/metrics/metrics.js";
import { serve } from "../serving.js";

describe("metrics of a server", () => {
  it("are for those who have the token, and tell how long requests took by what they asked for", async () => {
    const { request } = await serve();
    await request("GET", "/api/contents/no-such-file");
    await request("GET", "/api/runs");
    assert.equal((await request("GET", "/metrics", undefined, { authorization: "" })).status, 403);
    const response = await request("GET", "/metrics");
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    assert.match(text, /architech_http_request_seconds_count\{method="GET",api="contents",status="404"\} 1\n/);
    assert.match(text, /architech_http_request_seconds_count\{method="GET",api="runs",status="200"\} 1\n/);
    assert.match(text, /architech_streams 0\n/);
    assert.doesNotMatch(text, /no-such-file/, "a path is no label: there would be as many as documents");
  });

  it("leave out what cannot be read, and show the rest", async () => {
    const metrics = new Metrics();
    metrics.gauge("test_broken", "Cannot be read.", [], () => Promise.reject(new Error("no bus")));
    metrics.gauge("test_there", "Can be read.", ["of"], async () => [{ labels: { of: "a" }, value: 3 }]);
    const text = await metrics.text();
    assert.doesNotMatch(text, /^test_broken \d/m);
    assert.match(text, /^test_there\{of="a"\} 3$/m);
  });
});
