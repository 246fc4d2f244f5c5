const pending = new Set<() => void>();

/** Does it when this process ends, a Ctrl-C included, unless it was done before: gigabytes and hosts must not stay behind. */
export function atEnd(act: () => void): { now(): void } {
  pending.add(act);
  return {
    now() {
      if (pending.delete(act)) act();
    },
  };
}

process.on('exit', () => {
  for (const act of [...pending].toReversed()) act();
});
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(status));
}
