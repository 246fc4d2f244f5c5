/** What is installed. */
export const FROM = 'v0.2.8';
/** What its mirror serves besides. */
export const NEWER = ['v0.2.9', 'v0.2.10', 'v0.2.13'] as const;
/** What v0.2.x means there, and what --break breaks. */
export const NEWEST = 'v0.2.13';
