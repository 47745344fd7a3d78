// The graph that engines are measured on: 1,100 requests a second through a gateway to one of four replicas, which
// hold a slot while they ask a cache, a service, and a service before a pool of connections to a database.
//
// It differs from the SimPy and the C++ model in two ways. What those call a failed request (an answer that three
// attempts did not bring) goes on and counts in the latency there; here it ends at once and counts as an error. Below
// one request in a hundred thousand fails. And the others stop after so many requests, this one after the time in which so many are expected.
import { cpu, database, exponential, model, parallel, retry, service, timeout, wait } from "architech";

const hop = wait("0.5ms");
const reply = [hop, hop];

/** At most three attempts of a call over the network, each with a timeout. */
const attempts = (call) => [
  retry({ times: 2, backoff: "5ms", growth: "exponential" }, [timeout("50ms", [hop, call, hop])]),
];

// Not a `cache`, which never makes anyone wait.
const cache = service({ threads: 32, ops: { get: [cpu(exponential("0.5ms"))] } });
const accounts = service({ threads: 16, ops: { get: [cpu(exponential("5ms"))] } });
const orders = database({ connections: 16, read: exponential("6ms"), write: exponential("6ms") });
const pool = service({ threads: 10, ops: { query: [hop, orders.read(), hop] } });
const billing = service({ threads: 16, ops: { get: [cpu(exponential("5ms")), pool.call("query")] } });
const api = service({
  replicas: 4,
  threads: 8,
  balance: "round-robin",
  ops: {
    get: [
      cpu(exponential("4ms")),
      parallel(attempts(cache.call("get")), attempts(accounts.call("get")), attempts(billing.call("get"))),
    ],
  },
});
const gateway = service({ threads: 16, ops: { route: [cpu(exponential("1ms"))] } });
// Where clients are: the gateway lets go of a request before the API takes it. No threads, so nobody waits here.
const edge = service({ ops: { get: [hop, gateway.call("route"), hop, api.call("get"), ...reply] } });

export const micro = model(
  { edge, gateway, api, cache, accounts, billing, pool, orders },
  { to: edge, rate: "1100rps" },
);
