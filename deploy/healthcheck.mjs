// Whether a server of this container lives: exit code 0 or 1. Node itself asks, so that the image needs no other program.
const answer = await fetch("http://127.0.0.1:8888/healthz", { signal: AbortSignal.timeout(2_000) }).catch(
  () => undefined,
);
process.exit(answer?.ok === true ? 0 : 1);
