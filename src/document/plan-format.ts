/** A newer refit may mean other things by the same words: it counts this up. */
export const PLAN_FORMAT = 1;
