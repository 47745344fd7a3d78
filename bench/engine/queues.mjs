// M/M/1 and M/M/8 at a load of 0.8: a service whose threads are the servers, a mean service time of one second.
import { cpu, exponential, model, service } from "architech";

function queue(threads, rate) {
  const server = service({ threads, ops: { serve: [cpu(exponential("1s"))] } });
  return model({ server }, { to: server, rate });
}

export const mm1 = queue(1, "0.8rps");
export const mm8 = queue(8, "6.4rps");
