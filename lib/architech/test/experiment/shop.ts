import { cpu, exponential, model, service } from "architech";

/** One server under Poisson traffic at 80 % of what it can do: M/M/1 whose mean sojourn is 40 ms. */
const api = service({ threads: 1, ops: { get: [cpu(exponential("8ms"))] } });

export const shop = model({ api }, { to: api, rate: "100rps", mix: { get: 1 } });
