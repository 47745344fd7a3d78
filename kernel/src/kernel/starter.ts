/** Calls `gone` once the process that started this one has ended. */
export function whenStarterEnds(gone: () => void, intervalMs = 1000): void {
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (isAlive(starter)) return;
    clearInterval(timer);
    gone();
  }, intervalMs);
  timer.unref();
}

// an orphan is given to another parent; where it is not (Windows), the number stays but answers no more
function isAlive(starter: number): boolean {
  if (process.ppid !== starter) return false;
  if (process.platform !== "win32") return true;
  try {
    return process.kill(starter, 0);
  } catch {
    return false;
  }
}
