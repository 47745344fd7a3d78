import autocannon from "autocannon";

const headers = { authorization: "token bench" };

/** Asks as often as it is answered, over so many connections: answers a second, and the time that 99 % of them took, ms. */
export async function load(url, { connections, seconds, headers: further = {} }) {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers: { ...headers, ...further },
  });
  const good = result["2xx"] + (result["3xx"] ?? 0);
  if (result.errors > 0 || result.non2xx > (result["3xx"] ?? 0))
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are none`);
  return { rate: good / result.duration, p99: result.latency.p99 };
}

/** Waits until a server answers: it may print its address before it listens. */
export async function answering(url) {
  for (;;) {
    const answer = await fetch(url, { headers }).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
