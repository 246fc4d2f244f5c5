/** What kind of change an effect makes; `write` effects have a middle at which they can be cut. */
export type EffectKind = 'write' | 'change' | 'process' | 'request';

export interface Effect {
  readonly kind: EffectKind;
  /** What and to what: "rename /a /b". For people and for the crash matrix. */
  readonly label: string;
}

/**
 * Every touch of the machine passes through here, so that each can be counted, failed or killed in a test.
 * `act` receives `middle`, to be called where a write is half done.
 */
export interface Effects {
  run<T>(effect: Effect, act: (middle: () => void) => Promise<T>): Promise<T>;
}

/** The only implementation that ships: it does nothing but act. */
export const plainEffects: Effects = {
  run: (_effect, act) => act(() => undefined),
};
