/** One server, constant service, CoDel at the head of its line: written after the pseudocode of RFC 8289, appendix A. */
export function codelReference(
  arrivals: readonly number[],
  service: number,
  target: number,
  interval: number,
  until: number,
): { dropped: number; latencies: number[] } {
  const line: number[] = [];
  const latencies: number[] = [];
  let dropped = 0;
  let firstAbove = 0;
  let dropping = false;
  let dropNext = 0;
  let count = 0;
  let lastCount = 0;

  const controlLaw = (t: number): number => t + interval / Math.sqrt(count);
  const take = (now: number): { came: number | undefined; okToDrop: boolean } => {
    const came = line.shift();
    let okToDrop = false;
    if (came === undefined) firstAbove = 0;
    else if (now - came < target || line.length <= 1) firstAbove = 0;
    else if (firstAbove === 0) firstAbove = now + interval;
    else if (now >= firstAbove) okToDrop = true;
    return { came, okToDrop };
  };
  const dequeue = (now: number): number | undefined => {
    let next = take(now);
    if (dropping) {
      if (!next.okToDrop) dropping = false;
      while (dropping && now >= dropNext) {
        dropped++;
        count++;
        next = take(now);
        if (!next.okToDrop) dropping = false;
        else dropNext = controlLaw(dropNext);
      }
    } else if (next.okToDrop) {
      dropped++;
      next = take(now);
      dropping = true;
      const delta = count - lastCount;
      count = delta > 1 && now - dropNext < 16 * interval ? delta : 1;
      dropNext = controlLaw(now);
      lastCount = count;
    }
    return next.came;
  };

  let busyUntil = 0;
  let serving: number | undefined;
  let i = 0;
  for (;;) {
    const arrival = arrivals[i] ?? Number.POSITIVE_INFINITY;
    const end = serving === undefined ? Number.POSITIVE_INFINITY : busyUntil;
    const now = Math.min(arrival, end);
    if (now > until || now === Number.POSITIVE_INFINITY) break;
    if (arrival < end) {
      i++;
      if (serving === undefined) {
        serving = arrival;
        busyUntil = arrival + service;
      } else line.push(arrival);
    } else {
      latencies.push(now - serving!);
      serving = dequeue(now);
      if (serving !== undefined) busyUntil = now + service;
    }
  }
  return { dropped, latencies };
}
