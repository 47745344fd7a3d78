import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import { Metrics } from "#src/metrics/metrics.js";
import { until } from "../cluster/processes.js";
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
    assert.match(text, /architech_errors_total\{code="document-not-found"\} 1\n/);
    assert.match(text, /architech_http_requests_open 1\n/, "the one that looks");
    assert.match(text, /architech_info\{roles="all",version="[\d.]+"\} 1\n/);
    assert.match(text, /architech_ready 1\n/);
    assert.match(text, /architech_runs\{state="running"\} 0\n/);
    assert.match(text, /architech_disk_bytes\{state="free"\} [1-9]/);
    assert.match(text, /architech_network_bytes_total\{direction="in"\} [1-9]/);
    assert.match(text, /architech_kernels 0\n/);
  });

  it("have no series for what strangers think up", async () => {
    const { request } = await serve();
    for (let i = 0; i < 20; i++) await request("GET", `/api/made${"x".repeat(i)}up`, undefined, { authorization: "" });
    const text = await (await request("GET", "/metrics")).text();
    assert.doesNotMatch(text, /madex*up/);
    assert.match(text, /architech_http_request_seconds_count\{method="GET",api="other",status="403"\} 20\n/);
  });

  it("show which WebSockets are open", async () => {
    const { server, request } = await serve();
    const socket = new WebSocket(`${server.url.replace("http", "ws")}api/events/subscribe?token=${server.token}`);
    await once(socket, "open");
    assert.match(await (await request("GET", "/metrics")).text(), /architech_sockets\{kind="subscribe"\} 1\n/);
    socket.close();
    await once(socket, "close");
    await until(
      async () => /architech_sockets\{kind="subscribe"\} 0\n/.test(await (await request("GET", "/metrics")).text()),
      "closed",
    );
  });

  it("are there in time when what is asked does not answer", async () => {
    const metrics = new Metrics();
    metrics.gauge("test_silent", "Is never answered.", [], () => new Promise(() => {}));
    metrics.total("test_total", "Is kept elsewhere.", [], async () => [{ value: 7 }]);
    const begun = performance.now();
    const text = await metrics.text();
    assert.ok(performance.now() - begun < 5_000);
    assert.doesNotMatch(text, /^test_silent \d/m);
    assert.match(text, /^test_total 7$/m);
    assert.match(await metrics.text(), /^test_total 7$/m, "read, not added");
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
