// What the compiler refuses in models and scenarios: each line with the words that its message holds.
import { classes, group, model, profile } from "architech";
import { api, emails, mailer, orders, sessions, shop } from "./shop.js";

const classed = model({ api, orders, sessions, emails, mailer }, classes({ gold: { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } } }));

// error: Type 'Database' is missing the following properties from type 'Gateway<any>': ops, call
model({ api, orders }, { to: orders, rate: "1rps", mix: {} });
// error: '5ms' is not a rate: write a number and rps, rpm or rph, as in '120rps'
model({ api }, { to: api, rate: "5ms", mix: { browse: 1, buy: 1 } });
// error: 5 has no unit: write '5rps', or rpm or rph
model({ api }, { to: api, rate: 5, mix: { browse: 1, buy: 1 } });
// error: 'brwose' does not exist in type '{ readonly browse: number; readonly buy: number; }'. Did you mean to write 'browse'?
model({ api }, { to: api, rate: "5rps", mix: { brwose: 1, buy: 1 } });
// error: Property 'buy' is missing in type '{ browse: number; }' but required in type '{ readonly browse: number; readonly buy: number; }'.
model({ api }, { to: api, rate: "5rps", mix: { browse: 1 } });
// error: Property 'mix' is missing
model({ api }, { to: api, rate: "5rps" });
// error: Property 'think' is missing
model({ api }, { to: api, users: 5, mix: { browse: 1, buy: 1 } });
// error: '5' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
model({ api }, { to: api, users: 5, think: "5", mix: { browse: 1, buy: 1 } });
// error: traffic with users has no rate
model({ api }, { to: api, users: 5, think: "5s", rate: "5rps", mix: { browse: 1, buy: 1 } });
// error: Did you mean to write 'rate'?
model({ api }, { to: api, rat: "5rps", mix: { browse: 1, buy: 1 } });
// error: no node can be called traffic: that names what clients see
model({ api, traffic: orders }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } });
// error: Type 'string' is not assignable to type 'Node | AnyGroup'.
model({ api, text: "orders" }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } });
// error: Type 'Step' is not assignable to type 'Node | AnyGroup'.
model({ api, s: orders.read() }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } });
// error: 'fault' does not exist in type 'ModelOptions'. Did you mean to write 'faults'?
model({ api }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } }, { fault: [] });
// error: the model has no node 'ordres'
shop.with({ ordres: { connections: 4 } });
// error: a cache has no setting 'connections' to change: it has get, put, and hitRatio, or entries, evict
shop.with({ sessions: { connections: 4 } });
// error: '5msec' is not a duration: write a number and us, ms, s, min or h, as in '4ms'
shop.with({ orders: { read: "5msec" } });
// error: connections is a number
shop.with({ orders: { connections: "5" } });
// error: '5ms' is not a rate: write a number and rps, rpm or rph, as in '120rps'
shop.with({ traffic: { rate: "5ms" } });
// error: open traffic has no setting 'users' to change: it has rate, arrivals, batch, mix, keys
shop.with({ traffic: { users: 5 } });
// error: the traffic has no operation 'brwose'
shop.with({ traffic: { mix: { brwose: 5 } } });
// error: balance is a way, as 'least-connections' or { choices: 2 }
shop.with({ api: { balance: "roundrobin" } });
// error: queue is { capacity: 100, order: 'fifo' }
shop.with({ api: { queue: 100 } });
// error: queue is { capacity: 100, order: 'fifo' }
shop.with({ orders: { queue: { order: "random" } } });
// error: Type '"10"' is not assignable to type '`${number}us` | `${number}ms` | `${number}s` | `${number}min` | `${number}h`'.
profile([["10", "5rps"]]);
// error: Type '"5ms"' is not assignable to type '`${number}rps` | `${number}rpm` | `${number}rph`'.
profile([["10s", "5ms"]]);
// error: 'repeats' does not exist in type 'ProfileSettings'.
profile([["10s", "5rps"]], { repeats: true });
// error: a rate such as '120rps' is needed, or a profile of rates
shop.with({ traffic: { rate: ["5rps"] } });
// error: '5' is not a rate: write a number and rps, rpm or rph, as in '120rps'
classes({ gold: { to: api, rate: "5", mix: { browse: 1, buy: 1 } } });
// error: is missing the following properties from type
classes({ gold: { to: orders, rate: "5rps" } });
// error: Property 'buy' is missing
classes({ gold: { to: api, rate: "5rps", mix: { browse: 1 } } });
// error: traffic of sessions has no setting 'rate' to change: it has sessions, requests, think, mix, keys
model({ api, orders, sessions, emails, mailer }, { to: api, sessions: "5rps", requests: 3, think: "1s", mix: { browse: 1, buy: 1 } }).with({ traffic: { rate: "5rps" } });
// error: traffic of classes has no setting 'silver' to change: it has one for each class
classed.with({ traffic: { silver: { priority: 1 } } });
// error: visibility is a duration, as in '4ms'
shop.with({ emails: { visibility: "30" } });
// error: a worker has no setting 'group' to change: it has replicas, scale, threads, work, batch, rebalance, cost
shop.with({ mailer: { group: "billing" } });
// error: traffic has no metric 'silver.rate'
classed.run({ until: "1s" }).then((result) => result.estimate("traffic.silver.rate"));
// error: the model has no node 'left-dta'
model({ left: group({ api }), orders, sessions, emails, mailer }, { to: api, rate: "5rps", mix: { browse: 1, buy: 1 } }).with({ "left-dta": { threads: 1 } });
// error: Type 'number' is not assignable to type 'Node | AnyGroup'.
group({ api: 5 });
// error: write is 'around', 'through' or 'behind'
shop.with({ sessions: { write: "back" } });
// error: evict is 'lru', 'lfu', 'fifo', 'clock', 'slru' or 'random'
shop.with({ sessions: { evict: "mru" } });
// error: replicas is { count: 2, reads: 'replica', lag: '20ms' }
shop.with({ orders: { replicas: 2 } });
// error: shards is { count: 8, by: 'hash' }
shop.with({ orders: { shards: 8 } });
// error: a database has no metric 'hit.ratio': it has latency, wait
shop.run({ until: "1s" }).then((result) => result.estimate("orders.hit.ratio"));
