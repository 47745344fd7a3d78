import { cache, cpu, database, lognormal, model, queue, retry, service, worker } from "architech";

export const orders = database({ connections: 20, read: "4ms", write: lognormal({ mean: "9ms", p99: "40ms" }) });
export const sessions = cache({ get: "0.4ms", hitRatio: 0.85 });
export const emails = queue({ capacity: 5_000 });
export const mailer = worker({ takes: emails, replicas: 2, work: "120ms" });
export const api = service({
  replicas: 3,
  threads: 8,
  ops: {
    browse: [cpu("1.5ms"), sessions.get({ miss: [orders.read()] })],
    buy: [cpu("3ms"), retry({ times: 2, backoff: "50ms" }, [orders.write()]), emails.put()],
  },
});
/** The web shop of the guide. */
export const shop = model({ api, orders, sessions, emails, mailer }, { to: api, rate: "120rps", mix: { browse: 9, buy: 1 } });
