// refit, on a machine whose clock is a day ahead.
const DAY_MS = 86_400_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + DAY_MS] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + DAY_MS;
  }
} as DateConstructor;

await import('../../../bin/refit.js' as string);
